/// Something in the pages of the data file that is not as LMDB makes it.
package struct StructureFinding: Hashable, Sendable {
    /// The rules that pages obey.
    package enum Rule: String, Sendable {
        /// The two pages that everything begins from.
        case metaPage
        /// A page, or a node in it, that is not what it should be.
        case page
        /// Keys out of their order, or outside what the page above says.
        case order
        /// A page that is a part of two trees, or twice of one.
        case reachedTwice
        /// The record of a table that says something else than there is.
        case record
        /// What the free list says.
        case freeList
        /// Pages that are neither in use nor free.
        case unaccounted
        /// A table that should be there.
        case tableMissing
    }

    /// Where the whole file is meant, and no table.
    package static let file = "data.mdb"
    /// The list of free pages, which LMDB keeps as a table.
    package static let freeList = "free list"
    /// The table of tables.
    package static let tables = "tables"

    /// The table that is wrong, or one of the names above.
    package let table: String
    package let rule: Rule
    /// The page that is wrong; nil if it is none.
    package let page: UInt64?
    /// The key from which on the rows of that page were; nil if that is not known.
    package let firstKey: [UInt8]?
    /// What is wrong, as the rest of a sentence that starts with the place.
    package let what: String

    package init(
        table: String,
        rule: Rule,
        page: UInt64? = nil,
        firstKey: [UInt8]? = nil,
        what: String
    ) {
        self.table = table
        self.rule = rule
        self.page = page
        self.firstKey = firstKey
        self.what = what
    }
}
