private import Glibc
import Secrets

/// What git is told so that it may enter a repository of others; never in its arguments.
struct GitEntrance: Sendable {
    /// Variables for the run.
    let environment: [String: String]
    /// Hides the password in what git says.
    let mask: SecretMask

    /// Nothing to tell.
    static let open = GitEntrance(environment: [:], mask: SecretMask())

    /// What opens `url`; nothing where the credential is not for its kind of transport.
    init(to url: String, with credential: RepositoryCredential, home: String) {
        var mask = SecretMask()
        var environment: [String: String] = [:]
        if let host = Self.host(of: url) {
            if let login = credential.login, let program = AskPass.install(in: home) {
                environment = [
                    "GIT_ASKPASS": program,
                    "WAYBILL_GIT_HOST": host,
                    "WAYBILL_GIT_USER": login.user,
                    "WAYBILL_GIT_PASSWORD": login.password,
                ]
                mask.add(login.password)
            }
        } else if let key = credential.keyPath {
            // ssh offers this key and no other.
            var options = ["-oIdentitiesOnly=yes", "-oIdentityAgent=none", "-i", key]
            if let hosts = credential.knownHostsPath {
                options += ["-oStrictHostKeyChecking=yes", "-oUserKnownHostsFile=\"\(hosts)\""]
            }
            environment = [
                "GIT_SSH_COMMAND": ([GitProgram.sshCommand] + options.map(Self.quoted))
                    .joined(separator: " ")
            ]
        }
        self.init(environment: environment, mask: mask)
    }

    private init(environment: [String: String], mask: SecretMask) {
        self.environment = environment
        self.mask = mask
    }

    /// Host and port of an https URL, as git asks for them.
    private static func host(of url: String) -> String? {
        guard url.hasPrefix("https://") else { return nil }
        let authority = url.dropFirst("https://".count).prefix { !"/?#".contains($0) }
        return authority.split(separator: "@", omittingEmptySubsequences: false).last.map(
            String.init
        )
    }

    /// A word for the shell that git hands the command of ssh to.
    private static func quoted(_ word: String) -> String {
        "'" + word.replacing("'", with: "'\\''") + "'"
    }
}

/// The program that git asks for user and password.
///
/// It answers for one host only: git follows a redirection, and would ask for another host then.
private enum AskPass {
    private static let script = """
        #!/bin/sh
        case "$1" in
        "Username for 'https://$WAYBILL_GIT_HOST': ") printf '%s\\n' "$WAYBILL_GIT_USER" ;;
        "Password for 'https://"*"@$WAYBILL_GIT_HOST': ") printf '%s\\n' "$WAYBILL_GIT_PASSWORD" ;;
        *) exit 1 ;;
        esac

        """

    /// The path of the program, which is written if it is not there; nil if it cannot be.
    static func install(in home: String) -> String? {
        let path = home + "/askpass"
        if unsafe access(path, X_OK) == 0 { return path }
        var draft = Array((path + ".XXXXXX").utf8CString)
        let file = unsafe mkstemp(&draft)
        guard file >= 0 else { return nil }
        let bytes = Array(script.utf8)
        let isWritten = unsafe write(file, bytes, bytes.count) == bytes.count
        _ = fchmod(file, 0o700)
        close(file)
        // As a whole or not at all: another run may look for it at the same time.
        guard isWritten, unsafe rename(draft, path) == 0 else { return nil }
        return path
    }
}
