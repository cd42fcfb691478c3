// Copy: a button beside each command, where the browser lets pages copy.
function add() {
  if (!navigator.clipboard) return;
  for (const line of document.querySelectorAll(".cmd:not([data-copies])")) {
    const code = line.querySelector("code");
    if (!code) continue;
    line.dataset.copies = "";
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn quiet small-btn";
    button.textContent = "Copy";
    button.setAttribute("aria-label", `Copy: ${code.textContent}`);
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(code.textContent);
        button.textContent = "Copied";
      } catch {
        button.textContent = "Not copied";
      }
      setTimeout(() => (button.textContent = "Copy"), 1500);
    });
    line.append(button);
  }
}
document.addEventListener("waybill:replaced", add);
add();
