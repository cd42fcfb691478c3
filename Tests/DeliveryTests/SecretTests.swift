import Foundation
import Secrets
import Testing

/// A folder of secrets, settings and credentials beside no ledger.
final class Safe: Sendable {
    let path: String

    init() throws {
        let directory = URL(fileURLWithPath: NSTemporaryDirectory()).resolvingSymlinksInPath()
            .appending(path: "waybill-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        path = directory.path
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Writes a key: `secrets/shop/npm/token`.
    func put(_ place: String, _ text: String, mode: Int = 0o600) throws {
        let file = URL(fileURLWithPath: "\(path)/\(place)")
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(),
            withIntermediateDirectories: true
        )
        try text.write(to: file, atomically: false, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file.path)
    }

    func store(_ environment: [String: String] = [:]) -> KeyStore {
        KeyStore(directory: path, environment: environment)
    }
}

@Suite struct KeysBesideTheLedger {
    let safe: Safe

    init() throws { safe = try Safe() }

    @Test func `a file is a key, without the line break at its end`() throws {
        try safe.put("secrets/shop/npm/token", "s3cret\n")
        try safe.put("secrets/shop/npm/lines", "a\nb\n\n")
        try safe.put("secrets/shop/npm/.hidden", "no")
        #expect(
            try safe.store().keys(.secret, "npm", in: "shop")
                == ["token": "s3cret", "lines": "a\nb\n"]
        )
    }

    @Test func `projects, kinds and what is shared are kept apart`() throws {
        try safe.put("secrets/shop/npm/token", "shop")
        try safe.put("secrets/_shared/npm/token", "shared")
        try safe.put("config/shop/npm/token", "config", mode: 0o644)
        let store = safe.store()
        #expect(try store.keys(.secret, "npm", in: "shop") == ["token": "shop"])
        #expect(try store.keys(.secret, "npm", in: nil) == ["token": "shared"])
        #expect(try store.keys(.config, "npm", in: "shop") == ["token": "config"])
        #expect(try store.keys(.secret, "npm", in: "bank") == nil)
        #expect(try store.keys(.credentials, "npm", in: "shop") == nil)
    }

    @Test(arguments: ["../shop/npm", "npm/..", ".", "..", "", "npm/", "NPM", "_shared", "a b"])
    func `a name that leads elsewhere is nothing`(name: String) throws {
        try safe.put("secrets/shop/npm/token", "shop")
        #expect(try safe.store().keys(.secret, name, in: "shop") == nil)
        #expect(try safe.store().keys(.secret, "npm", in: name) == nil)
    }

    @Test func `a secret that others may read is refused, and a link`() throws {
        try safe.put("secrets/shop/npm/token", "shop", mode: 0o640)
        let error = #expect(throws: KeyStoreError.self) {
            try safe.store().keys(.secret, "npm", in: "shop")
        }
        #expect(
            error?.description
                == "secrets/shop/npm/token may be read by others than its owner; chmod 600 it"
        )
        try safe.put("elsewhere", "outside")
        try FileManager.default.createDirectory(
            atPath: "\(safe.path)/secrets/shop/linked",
            withIntermediateDirectories: true
        )
        try FileManager.default.createSymbolicLink(
            atPath: "\(safe.path)/secrets/shop/linked/token",
            withDestinationPath: "\(safe.path)/elsewhere"
        )
        #expect(throws: KeyStoreError.self) {
            try safe.store().keys(.secret, "linked", in: "shop")
        }
        try FileManager.default.createSymbolicLink(
            atPath: "\(safe.path)/secrets/shop/folder",
            withDestinationPath: safe.path
        )
        #expect(throws: KeyStoreError.self) {
            try safe.store().keys(.secret, "folder", in: "shop")
        }
    }

    @Test func `a pipe, a file that is too large and bytes that are no text are refused`() throws {
        try safe.put("secrets/shop/big/key", String(repeating: "x", count: (1 << 20) + 1))
        try safe.put("secrets/shop/pipe/other", "x")
        let made = unsafe mkfifo("\(safe.path)/secrets/shop/pipe/key", 0o600)
        #expect(made == 0)
        try safe.put("secrets/shop/bytes/key", "")
        try Data([0xff, 0xfe]).write(to: URL(filePath: "\(safe.path)/secrets/shop/bytes/key"))
        for name in ["big", "pipe", "bytes"] {
            #expect(throws: KeyStoreError.self, "\(name)") {
                try safe.store().keys(.secret, name, in: "shop")
            }
        }
    }

    @Test func `variables are keys where no file says otherwise`() throws {
        try safe.put("secrets/shop/npm-pro/token", "file")
        let store = safe.store([
            "WAYBILL_SECRET_SHOP__NPM_PRO__token": "variable",
            "WAYBILL_SECRET_SHOP__NPM_PRO__user": "robot",
            "WAYBILL_SHARED_SECRET_NPM__token": "shared",
            "WAYBILL_CONFIG_SHOP__NPM_PRO__token": "config",
            "WAYBILL_SECRET_BANK__NPM_PRO__token": "bank",
        ])
        #expect(
            try store.keys(.secret, "npm-pro", in: "shop") == ["token": "file", "user": "robot"]
        )
        #expect(try store.keys(.secret, "npm", in: nil) == ["token": "shared"])
        #expect(try store.names(.secret, in: "shop") == ["npm-pro"])
    }

    @Test func `variables of one project are never another's`() throws {
        let store = safe.store(["WAYBILL_SECRET_A__B__C__key": "x"])
        // Projects `a` with `b--c` or `a--b` with `c` would look the same.
        #expect(try store.keys(.secret, "c", in: "a--b") == nil)
        #expect(try store.keys(.secret, "b--c", in: "a") == nil)
        #expect(try store.keys(.secret, "b", in: "a") == ["C__key": "x"])
        let dotted = safe.store(["WAYBILL_SECRET_A_B__C__key": "x"])
        #expect(try dotted.keys(.secret, "c", in: "a.b") == nil)
        #expect(try dotted.keys(.secret, "c", in: "a-b") == ["key": "x"])
    }
}

@Suite struct HidingSecrets {
    private func mask(_ secrets: String...) -> SecretMask {
        var mask = SecretMask()
        for secret in secrets { mask.add(secret) }
        return mask
    }

    @Test(
        arguments: [
            "pa$$ word/1", "cGEkJCB3b3JkLzE=", "pa%24%24%20word%2F1", "pa%24%24+word%2F1",
            "x:pa$$ word/1@host", #"{"a":"pa$$ word/1"}"#,
        ]
    )
    func `a secret is hidden in every form`(text: String) {
        let hidden = mask("pa$$ word/1").masking("before \(text) after")
        #expect(hidden.contains("***"))
        #expect(hidden.hasPrefix("before "))
        #expect(hidden.hasSuffix(" after"))
        #expect(!hidden.contains("word"))
        #expect(!hidden.contains("JCB3b3JkL"))
    }

    @Test(arguments: ["", "a", "ab", "user:", "robot:"])
    func `Base64 of more than the secret shows nothing of it`(before: String) {
        for after in ["", "!", "!!", " and more"] {
            let coded = Data("\(before)correct-horse-battery\(after)".utf8).base64EncodedString()
            let hidden = mask("correct-horse-battery").masking(coded)
            #expect(hidden.contains("***"), "\(coded)")
            #expect(hidden.count < before.count + after.count + 16, "\(hidden)")
        }
    }

    @Test func `JSON's escapes do not save a secret from being hidden`() {
        let hidden = mask("line\"one\nline\\two").masking(#"{"key":"line\"one\nline\\two"}"#)
        #expect(hidden == #"{"key":"***"}"#)
    }

    @Test func `of a secret of several lines each long one is hidden`() {
        let key = "-----BEGIN KEY-----\nMIIEowIBAAKCAQEA\nab\n-----END KEY-----\n"
        let hidden = mask(key).masking("cannot read 'MIIEowIBAAKCAQEA' of ab")
        #expect(hidden == "cannot read '***' of ab")
    }

    @Test func `secrets that overlap leave nothing of either`() {
        #expect(mask("abcdef", "defghi").masking("-abcdefghi-") == "-***-")
    }

    @Test func `a short secret is hidden where it is a word`() {
        #expect(mask("no").masking("no, there is no step; note") == "***, there is *** step; note")
        #expect(mask("", "  ", "\n").masking("a  b\n") == "a  b\n")
    }
}

@Suite struct CredentialsOfRepositories {
    let safe: Safe

    init() throws { safe = try Safe() }

    private func credential(_ url: String) throws -> RepositoryCredential? {
        try RepositoryCredentials(safe.store()).credential(for: url, in: "shop")
    }

    private func put(_ name: String, _ keys: [String: String], in project: String = "shop") throws {
        for (key, text) in keys { try safe.put("credentials/\(project)/\(name)/\(key)", text) }
    }

    @Test func `a repository is entered however its URL is spelled`() throws {
        try put("gitops", ["repoURL": "https://git.example.com/Shop/gitops.git", "password": "p"])
        let login = RepositoryCredential.Login(user: "git", password: "p")
        #expect(try credential("https://git.example.com/shop/gitops")?.login == login)
        #expect(try credential("https://git.example.com/shop/gitops2") == nil)
        #expect(try credential("https://git.example.com.evil.example/shop/gitops.git") == nil)
    }

    @Test func `the project's own come before shared ones, a URL before an expression`() throws {
        let url = "https://git.example.com/shop/web.git"
        try put("all", ["repoURL": ".*", "repoURLIsRegex": "true", "password": "s"], in: "_shared")
        #expect(try credential(url)?.login?.password == "s")
        try put("a", ["repoURL": "^https://git", "repoURLIsRegex": "true", "password": "e"])
        #expect(try credential(url)?.login?.password == "e")
        try put("z", ["repoURL": url, "username": "robot", "password": "u"])
        #expect(try credential(url)?.login == .init(user: "robot", password: "u"))
    }

    @Test func `ssh gets the files themselves`() throws {
        try put(
            "ssh",
            [
                "repoURL": "git@git.example.com:shop/web.git", "sshPrivateKey": "k",
                "knownHosts": "h",
            ]
        )
        let found = try credential("ssh://git@git.example.com/shop/web")
        #expect(found?.keyPath == "\(safe.path)/credentials/shop/ssh/sshPrivateKey")
        #expect(found?.knownHostsPath == "\(safe.path)/credentials/shop/ssh/knownHosts")
    }

    @Test(
        arguments: [
            ["password": "p"], ["repoURL": "(", "repoURLIsRegex": "true", "password": "p"],
            ["repoURL": "https://a.example/b.git", "password": "p\nq"],
        ] as [[String: String]]
    )
    func `credentials that cannot be used are told of`(keys: [String: String]) throws {
        try put("bad", keys)
        #expect(throws: KeyStoreError.self) { try credential("https://a.example/b.git") }
    }

    @Test func `a key for ssh must be a file`() throws {
        let store = safe.store([
            "WAYBILL_CREDENTIALS_SHOP__WEB__repoURL": "git@a.example:b.git",
            "WAYBILL_CREDENTIALS_SHOP__WEB__sshPrivateKey": "k",
        ])
        let error = #expect(throws: KeyStoreError.self) {
            try RepositoryCredentials(store).credential(for: "git@a.example:b.git", in: "shop")
        }
        #expect(error?.description.contains("credentials/shop/web/sshPrivateKey") == true)
    }
}
