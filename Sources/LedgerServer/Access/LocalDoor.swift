import EventLog
import Glibc
import HTTPTypes
import NIOCore
import PromotionModel
import Requests

/// Who comes through the Unix socket in the ledger's directory: the ledger's owner, or nobody.
///
/// Whoever may write the ledger's files needs no token to be let in here. The kernel says which
/// account a connection is of (`SO_PEERCRED`, unix(7)), so the account's name is what the command
/// line would record without a server; another name is what somebody asserts.
enum LocalDoor {
    /// What the kernel tells of a connection: `struct ucred`, which glibc hides from Swift.
    private struct Credentials: Sendable {
        var process: Int32 = 0
        var user: UInt32 = .max
        var group: UInt32 = .max
    }

    /// Who sends a request over this connection.
    static func admit(_ request: HTTPRequest, _ channel: any Channel) async -> Access.Admission {
        guard let user = await user(of: channel), user == geteuid() || user == 0 else {
            return .refused(
                Problem(
                    .forbidden,
                    "notTheOwner",
                    "the socket \(LedgerSocket.fileName) is for the account that serves the "
                        + "ledger; use --server URL and a token"
                )
            )
        }
        guard let field = HTTPField.Name(LedgerSocket.actorField),
            let said = request.headerFields[field]
        else { return owner(EventActor(name: AccountName.of(user), assurance: .osUser)) }
        guard let name = URLText.decoded(said[...], plusIsBlank: false),
            (1...256).contains(name.utf8.count),
            !name.unicodeScalars.contains(where: { $0.properties.generalCategory == .control })
        else {
            return .refused(
                Problem(
                    .badRequest,
                    "invalidField",
                    "\(LedgerSocket.actorField) takes 1 to 256 bytes of text without control "
                        + "characters, other bytes than letters and digits as % and two digits"
                )
            )
        }
        return owner(EventActor(name: name, assurance: .asserted))
    }

    /// Whoever owns the ledger may everything, under whichever name.
    private static func owner(_ actor: EventActor) -> Access.Admission {
        .known(Caller(actor: actor, identity: .operator, powers: .everything))
    }

    private static func user(of channel: any Channel) async -> UInt32? {
        guard let provider = channel as? any SocketOptionProvider else { return nil }
        let asked: EventLoopFuture<Credentials> = provider.unsafeGetSocketOption(
            level: SocketOptionLevel(SOL_SOCKET),
            name: SocketOptionName(SO_PEERCRED)
        )
        return try? await asked.get().user
    }
}
