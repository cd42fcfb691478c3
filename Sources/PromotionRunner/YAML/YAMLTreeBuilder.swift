/// Makes the tree of the first document out of the parser's events.
struct YAMLTreeBuilder {
    private(set) var root: YAMLNode?
    private(set) var documentCount = 0
    private let bytes: [UInt8]
    private var open: [Container] = []
    private var anchors: [String: YAMLNode] = [:]

    /// A sequence or mapping that has begun.
    private struct Container {
        let event: YAMLEvents.Event
        let isMapping: Bool
        let isBracketed: Bool
        /// Keys and values in turn, or elements.
        var nodes: [YAMLNode] = []
    }

    private static let depthMax = 100

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func take(_ event: YAMLEvents.Event) throws(StepError) {
        if case .document = event.kind {
            documentCount += 1
            return
        }
        guard documentCount == 1 else { return }
        switch event.kind {
        case .document: break
        case .scalar(let text, let style): add(scalar(event, text, style), event.anchor)
        case .alias(let name):
            guard let target = anchors[name] else {
                throw .wrong("there is no anchor &\(name) before the alias *\(name)")
            }
            let node = YAMLNode(
                content: .alias(name, target),
                span: event.start..<event.end,
                isBracketed: false,
                isInFlow: isInFlow,
                anchor: nil,
                tag: nil
            )
            add(node, nil)
        case .sequence(let isFlow): try begin(event, isMapping: false, isFlow)
        case .mapping(let isFlow): try begin(event, isMapping: true, isFlow)
        case .end: end(event)
        }
    }

    private var isInFlow: Bool { open.last?.isBracketed ?? false }

    private mutating func begin(
        _ event: YAMLEvents.Event,
        isMapping: Bool,
        _ isBracketed: Bool
    ) throws(StepError) {
        guard open.count < Self.depthMax else {
            throw .wrong("the file is nested deeper than \(Self.depthMax) levels")
        }
        open.append(Container(event: event, isMapping: isMapping, isBracketed: isBracketed))
    }

    private mutating func end(_ event: YAMLEvents.Event) {
        guard let container = open.popLast() else { return }
        var nodes = container.nodes
        let span: Range<Int>
        if container.isBracketed {
            span = container.event.start..<event.end
        } else {
            let first = container.isMapping ? nodes.first?.span.lowerBound : nil
            let start = first ?? dash(container.event)
            span = start..<max(start, nodes.last?.span.upperBound ?? start)
        }
        let content: YAMLNode.Content
        if container.isMapping {
            if !nodes.count.isMultiple(of: 2) { nodes.removeLast() }
            content = .mapping(
                stride(from: 0, to: nodes.count, by: 2).map {
                    YAMLMember(key: nodes[$0], value: nodes[$0 + 1])
                }
            )
        } else {
            content = .sequence(nodes)
        }
        let node = YAMLNode(
            content: content,
            span: span,
            isBracketed: container.isBracketed,
            isInFlow: isInFlow,
            anchor: container.event.anchor,
            tag: container.event.tag
        )
        add(node, node.anchor)
    }

    /// Where the first dash of a block sequence is: behind an anchor or a tag, if it has some.
    private func dash(_ event: YAMLEvents.Event) -> Int {
        let isDash = { bytes.indices.contains($0) && bytes[$0] == UInt8(ascii: "-") }
        guard event.anchor != nil || event.tag != nil else { return event.start }
        return isDash(event.end) ? event.end : max(event.end - 1, event.start)
    }

    private mutating func add(_ node: YAMLNode, _ anchor: String?) {
        if let anchor { anchors[anchor] = node }
        if open.isEmpty {
            root = node
        } else {
            open[open.count - 1].nodes.append(node)
        }
    }

    private func scalar(
        _ event: YAMLEvents.Event,
        _ text: String,
        _ style: YAMLScalar.Style
    ) -> YAMLNode {
        // A block's end is on a later line; what is written ends before that.
        var end = max(event.start, event.end)
        while end > event.start, " \t\r\n".utf8.contains(bytes[end - 1]) { end -= 1 }
        return YAMLNode(
            content: .scalar(YAMLScalar(text: text, style: style, end: max(end, event.end))),
            span: event.start..<end,
            isBracketed: false,
            isInFlow: isInFlow,
            anchor: event.anchor,
            tag: event.tag
        )
    }
}
