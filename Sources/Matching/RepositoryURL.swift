/// How repositories' URLs are cleaned before anything else is done with them.
package enum RepositoryURL {
    /// Without characters that cannot be seen, and without blanks around it.
    ///
    /// A byte order mark or zero-width space that came in by copying would make two spellings of
    /// one repository.
    package static func sanitized(_ text: String) -> String {
        // What nearly every URL is: plain characters, of which none is left out.
        if text.utf8.allSatisfy({ (0x21...0x7e).contains($0) }) { return text }
        var scalars = String.UnicodeScalarView()
        scalars.append(contentsOf: text.unicodeScalars.filter(isPrintable))
        let blank: Unicode.Scalar = " "
        let start = scalars.firstIndex { $0 != blank } ?? scalars.endIndex
        let end = scalars.lastIndex { $0 != blank }.map(scalars.index(after:)) ?? start
        return String(scalars[start..<end])
    }

    /// What a URL says before the `@` of its authority: `user`, `user:password`.
    ///
    /// Empty user text counts as none.
    package static func userInfo(of text: String) -> String? {
        guard let scheme = text.firstRange(of: "://") else { return nil }
        let authority = text[scheme.upperBound...].prefix { !"/?#".contains($0) }
        guard let at = authority.lastIndex(of: "@"), at != authority.startIndex else { return nil }
        return String(authority[..<at])
    }

    /// Letters, marks, numbers, punctuation, symbols and the ordinary blank, as in Go's `IsPrint`.
    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        if scalar == " " { return true }
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
            .nonspacingMark, .spacingMark, .enclosingMark, .decimalNumber, .letterNumber,
            .otherNumber, .connectorPunctuation, .dashPunctuation, .openPunctuation,
            .closePunctuation, .initialPunctuation, .finalPunctuation, .otherPunctuation,
            .mathSymbol, .currencySymbol, .modifierSymbol, .otherSymbol:
            return true
        default:
            return false
        }
    }
}
