// Verify: computes the leaf from the header's bytes, the way to the root, and the checkpoint's
// signature, with WebCrypto, and writes what it computed. Nothing is taken on trust but the key.
const bytes = (text) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
const hex = (array) => [...array].map((byte) => byte.toString(16).padStart(2, "0")).join("");
const equal = (left, right) => left.length === right.length && left.every((byte, index) => byte === right[index]);

async function sha256(...parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return new Uint8Array(await crypto.subtle.digest("SHA-256", whole));
}

// RFC 9162, 2.1.3.2; positions are counted in BigInt, as they have 64 bits.
async function root(leaf, index, size, hashes) {
  let first = BigInt(index);
  let second = BigInt(size) - 1n;
  let hash = leaf;
  for (const sibling of hashes) {
    if (second === 0n) throw new Error("the path is too long");
    if (first & 1n || first === second) {
      hash = await sha256(Uint8Array.of(1), sibling, hash);
      while (!(first & 1n) && first !== 0n) {
        first >>= 1n;
        second >>= 1n;
      }
    } else {
      hash = await sha256(Uint8Array.of(1), hash, sibling);
    }
    first >>= 1n;
    second >>= 1n;
  }
  if (second !== 0n) throw new Error("the path is too short");
  return hash;
}

async function signature(data, computed) {
  const end = data.note.lastIndexOf("\n\n");
  const text = data.note.slice(0, end + 1);
  const [origin, size, encoded] = text.split("\n");
  if (size !== data.size) throw new Error("the checkpoint is of another size");
  if (!equal(bytes(encoded), computed)) throw new Error("the checkpoint has another root");
  if (origin !== data.keyName) throw new Error("the checkpoint is of another log");
  const key = await crypto.subtle.importKey("raw", bytes(data.publicKey), "Ed25519", false, ["verify"]);
  for (const line of data.note.slice(end + 2).split("\n")) {
    const [dash, name, value] = line.split(" ");
    if (dash !== "\u2014" || name !== data.keyName) continue;
    const signed = bytes(value);
    const id = ((signed[0] << 24) | (signed[1] << 16) | (signed[2] << 8) | signed[3]) >>> 0;
    if (String(id) !== data.keyId) continue;
    const isGood = await crypto.subtle.verify(
      "Ed25519", key, signed.slice(4), new TextEncoder().encode(text),
    );
    if (!isGood) throw new Error("the checkpoint's signature is not good");
    return true;
  }
  throw new Error("the checkpoint has no signature by the ledger's key");
}

function write(target, isGood, title, text) {
  const note = document.createElement("div");
  note.className = `note ${isGood ? "ok" : "fail"}`;
  const icon = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  icon.setAttribute("class", "i");
  icon.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", isGood ? "#i-proof" : "#i-fail");
  icon.append(use);
  const box = document.createElement("div");
  const head = document.createElement("b");
  head.textContent = title;
  const line = document.createElement("p");
  line.textContent = text;
  box.append(head, line);
  note.append(icon, box);
  target.replaceChildren(note);
}

async function verify(button) {
  const data = button.dataset;
  const target = button.closest(".stack").querySelector("[data-verified]");
  const begin = performance.now();
  let step = "leaf";
  try {
    const header = bytes(data.header);
    const leaf = await sha256(Uint8Array.of(0), header);
    step = "path";
    const hashes = data.hashes ? data.hashes.split(" ").map(bytes) : [];
    const computed = await root(leaf, data.index, data.size, hashes);
    step = "root";
    if (!equal(computed, bytes(data.root))) throw new Error("the path leads to another root");
    let signed = "The root is the present one; no checkpoint was signed yet.";
    if (data.note && data.publicKey) {
      step = "signature";
      await signature(data, computed);
      signed = `The root is the one of the checkpoint, whose Ed25519 signature by ${data.keyName} is good.`;
    }
    const time = (performance.now() - begin).toFixed(1);
    write(
      target, true, "Verified in this browser",
      `Leaf ${hex(leaf).slice(0, 12)}… computed from the ${header.length} header bytes, `
        + `${hashes.length} hashes up to the root ${hex(computed).slice(0, 12)}…. ${signed} ${time} ms.`,
    );
  } catch (error) {
    write(target, false, `Not verified: ${step}`, `${error.message}. Keep this page, and do not trust this ledger.`);
  }
}

for (const button of document.querySelectorAll("[data-verify]")) {
  button.hidden = !(globalThis.crypto && crypto.subtle);
  button.addEventListener("click", () => verify(button));
}
