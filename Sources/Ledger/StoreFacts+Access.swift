import EventLog
package import PromotionModel
import Wire

// MARK: - Tokens and roles

extension StoreFacts {
    package func token(_ name: TokenName) throws(FactsFailure) -> TokenState? {
        try latest(.tokens, RowKey(name.rawValue))
    }

    package func token(withDigest digest: String) throws(FactsFailure) -> TokenName? {
        // Only what can be a digest can be a key.
        guard digest.utf8.count == 64, digest.isLowercaseHex else { return nil }
        return try reference(.tokensByDigest, RowKey(digest)).map { TokenName(unchecked: $0) }
    }

    package func tokens() throws(FactsFailure) -> [TokenName] {
        try names(.tokens, prefix: RowKey()).map { TokenName(unchecked: $0) }
    }

    package func roles(of principal: Principal) throws(FactsFailure) -> RoleList {
        try latest(.roles, RowKey(principal.rawValue)) ?? RoleList()
    }

    package func principals() throws(FactsFailure) -> [Principal] {
        try names(.roles, prefix: RowKey()).map { Principal(unchecked: $0) }
    }
}
