/// Why keys cannot be read: one sentence that says what to do.
package struct KeyStoreError: Error, Hashable, CustomStringConvertible {
    package let description: String

    init(_ description: String) {
        self.description = description
    }
}
