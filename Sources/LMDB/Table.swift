/// A table of an environment: rows in the order of their keys.
///
/// A handle of two words; it stays valid as long as the environment is open.
package struct Table: Hashable, Sendable {
    /// What a table's keys are.
    package enum Kind: Hashable, Sendable {
        /// 1 to 511 bytes, in lexicographic order.
        case bytes
        /// 64-bit numbers in native byte order (`MDB_INTEGERKEY`).
        case positions
    }

    /// LMDB's number for the table in this environment.
    let index: UInt32
    /// What its keys are.
    package let kind: Kind
}

/// A table's name and kind: what is needed to open it.
package struct TableDefinition: Hashable, Sendable {
    /// The name, at most 511 bytes.
    package let name: String
    /// What its keys are.
    package let kind: Table.Kind

    /// The table `name`, keyed by `kind`.
    package init(_ name: String, _ kind: Table.Kind) {
        self.name = name
        self.kind = kind
    }
}
