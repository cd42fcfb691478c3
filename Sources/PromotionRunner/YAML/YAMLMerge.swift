import Expressions

/// Merges YAML files: of each key the last file that has it counts.
///
/// Maps are merged deeply, lists are replaced whole, and null takes a key away. What the first
/// file says and no other changes keeps its bytes; what comes new is taken over as it is written.
package enum YAMLMerge {
    /// The merged text; empty where no file says anything.
    ///
    /// - Throws: an error that names the file.
    package static func merged(
        _ files: [(path: String, bytes: [UInt8])]
    ) throws(StepError) -> [UInt8] {
        var result: [UInt8] = []
        var isFirst = true
        for file in files {
            result = try YAMLDocument.reading(file.bytes, file.path) {
                (overlay) throws(StepError) in
                guard overlay.documentCount <= 1 else {
                    throw .wrong("it has several documents; merge files of one")
                }
                guard let root = overlay.root else { return result }
                guard !isFirst else {
                    // Whatever is wrong with its values is found now, and not in prod.
                    _ = try overlay.value()
                    isFirst = false
                    return file.bytes
                }
                return try merged(overlay, root, into: try YAMLDocument(result))
            }
        }
        return result
    }

    private static let layout = YAMLLayout(mapIndentation: 2, listIndentation: 0)

    private static func merged(
        _ overlay: YAMLDocument,
        _ root: YAMLNode,
        into base: YAMLDocument
    ) throws(StepError) -> [UInt8] {
        var source = overlay
        let value = try overlay.value()
        if root.usesAnchors {
            // What an alias stands for is elsewhere: written out, every part stands for itself.
            let text = layout.fragment(of: value).lines.joined(separator: "\n")
            source = try YAMLDocument(Array(text.utf8))
        }
        guard let into = base.root, let from = source.root else { return base.bytes }
        var merge = Merge(source: source, editor: YAMLEditor(base, layout: layout))
        let place = YAMLEditor.Place(introducer: .nothing, start: 0, column: 0)
        try merge.merge(from, into: into, at: place, path: "")
        return merge.editor.applied()
    }

    /// One file that is merged into what others made.
    private struct Merge {
        let source: YAMLDocument
        var editor: YAMLEditor

        mutating func merge(
            _ new: YAMLNode,
            into old: YAMLNode,
            at place: YAMLEditor.Place,
            path: String
        ) throws(StepError) {
            switch (old.content, new.content) {
            case (.mapping(let olds), .mapping(let news)) where old.isBlock:
                try merge(news, of: new, into: olds, of: old, at: place, path)
            case (.sequence, .sequence), (.scalar, .scalar):
                if try YAMLDocument.value(of: old) == YAMLDocument.value(of: new) { return }
                try editor.replace(old, at: place, with: fragment(of: new, inPlaceOf: old))
            case (.mapping, .mapping), (.alias, _):
                // Brackets, and what other places share, are written anew.
                let value = try YAMLMerge.merged(
                    YAMLDocument.value(of: new),
                    into: YAMLDocument.value(of: old),
                    path
                )
                try editor.update(old, at: place, to: value)
            case (.scalar, _) where try YAMLDocument.value(of: old) == .null:
                try editor.replace(old, at: place, with: fragment(of: new, inPlaceOf: old))
            default: throw YAMLMerge.mismatch(path, old.kindName, new.kindName)
            }
        }

        private mutating func merge(
            _ news: [YAMLMember],
            of new: YAMLNode,
            into olds: [YAMLMember],
            of old: YAMLNode,
            at place: YAMLEditor.Place,
            _ path: String
        ) throws(StepError) {
            var removed: Set<String> = []
            for member in news {
                guard let name = member.name else { throw .wrong("a key must be a scalar") }
                if try YAMLDocument.value(of: member.value) == .null { removed.insert(name) }
            }
            if olds.allSatisfy({ removed.contains($0.name ?? "") }) {
                // Nothing stays to hold on to.
                let value = try YAMLMerge.merged(
                    YAMLDocument.value(of: new),
                    into: YAMLDocument.value(of: old),
                    path
                )
                return try editor.update(old, at: place, to: value)
            }
            editor.remove(from: olds) { removed.contains($0.name ?? "") }
            for member in news {
                guard let name = member.name, !removed.contains(name) else { continue }
                let place = path.isEmpty ? name : "\(path).\(name)"
                if let known = try YAMLDocument.member(name, of: olds) {
                    let value = editor.place(of: known)
                    try merge(member.value, into: known.value, at: value, path: place)
                } else {
                    editor.insert(try lines(of: member, in: new, name), behind: old)
                }
            }
        }

        /// A member that is new, as it is written.
        private func lines(
            of member: YAMLMember,
            in map: YAMLNode,
            _ name: String
        ) throws(StepError) -> [String] {
            guard !map.isBracketed, !map.isInFlow else {
                return editor.layout.entry(name, try YAMLDocument.value(of: member.value))
            }
            let start = member.key.span.lowerBound
            let end = source.endOfLine(member.end)
            return source.lines(start..<end, from: source.column(start))
        }

        private func fragment(
            of new: YAMLNode,
            inPlaceOf old: YAMLNode
        ) throws(StepError) -> YAMLFragment {
            if old.isInFlow || new.isInFlow {
                let value = try YAMLDocument.value(of: new)
                return YAMLFragment(
                    lines: [YAMLLayout.inline(value, inFlow: old.isInFlow)],
                    placement: .inline
                )
            }
            let column = source.column(new.span.lowerBound)
            switch new.content {
            case .mapping where new.isBlock:
                return YAMLFragment(lines: source.lines(new.span, from: column), placement: .map)
            case .sequence where new.isBlock:
                return YAMLFragment(lines: source.lines(new.span, from: column), placement: .list)
            case .mapping, .sequence, .scalar, .alias:
                let line = source.startOfLine(new.span.lowerBound)
                let blanks = source.bytes[line...].prefix { $0 == UInt8(ascii: " ") }.count
                return YAMLFragment(lines: source.lines(new.span, from: blanks), placement: .inline)
            }
        }
    }

    /// `new` merged into `old`, as values.
    private static func merged(
        _ new: Value,
        into old: Value,
        _ path: String
    ) throws(StepError) -> Value {
        switch (old, new) {
        case (.object(var members), .object(let news)):
            for (name, value) in news {
                guard value != .null else {
                    members[name] = nil
                    continue
                }
                let place = path.isEmpty ? name : "\(path).\(name)"
                members[name] =
                    try members[name].map { old throws(StepError) in
                        try merged(value, into: old, place)
                    } ?? value
            }
            return .object(members)
        case (.null, _), (.array, .array): return new
        case (.object, _), (.array, _), (_, .object), (_, .array):
            throw mismatch(path, old.kindName, new.kindName)
        default: return new
        }
    }

    private static func mismatch(_ path: String, _ old: String, _ new: String) -> StepError {
        .wrong("\(path.isEmpty ? "it" : path) is \(old) in what came before, and \(new) here")
    }
}

extension YAMLNode {
    /// Whether an anchor, a tag or an alias is in it.
    fileprivate var usesAnchors: Bool {
        if isDecorated { return true }
        return switch content {
        case .scalar: false
        case .alias: true
        case .sequence(let elements): elements.contains(where: \.usesAnchors)
        case .mapping(let members): members.contains { $0.key.usesAnchors || $0.value.usesAnchors }
        }
    }
}

extension YAMLDocument {
    /// A part of the text, line by line, with all but the first one moved to the left.
    fileprivate func lines(_ range: Range<Int>, from column: Int) -> [String] {
        let lines = text(range).split(separator: "\n", omittingEmptySubsequences: false)
        return lines.enumerated().map { index, line in
            let line = line.hasSuffix("\r") ? line.dropLast() : line
            guard index > 0 else { return String(line) }
            return String(line.dropFirst(min(column, line.prefix { $0 == " " }.count)))
        }
    }
}
