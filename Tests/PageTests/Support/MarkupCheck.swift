/// What is wrong with a page's markup: a small reader of the HTML that the templates write.
struct MarkupCheck {
    private(set) var faults: [String] = []
    /// Every `href` and `action`, with whether it is a form's.
    private(set) var targets: [(text: String, isPost: Bool)] = []
    private(set) var headings = 0
    private var ids: Set<String> = []
    private var labelled: Set<String> = []
    private var controls: [(id: String?, name: String)] = []
    private var open: [String] = []
    private static let void: Set<String> = ["meta", "link", "input", "br", "hr", "img"]
    /// Elements of SVG that the templates close by themselves.
    private static let selfClosing: Set<String> = [
        "path", "rect", "circle", "line", "use", "image",
    ]

    init(_ html: String) {
        var rest = html[...]
        while let start = rest.firstIndex(of: "<") {
            rest = rest[start...]
            if rest.hasPrefix("<!doctype html>") {
                rest = rest.dropFirst("<!doctype html>".count)
                continue
            }
            guard let end = Self.end(of: rest) else {
                faults.append("a tag has no end: \(rest.prefix(60))")
                break
            }
            take(String(rest[rest.index(after: rest.startIndex)..<end]))
            rest = rest[rest.index(after: end)...]
        }
        if !open.isEmpty { faults.append("not closed: \(open.joined(separator: " "))") }
        for control in controls {
            guard let id = control.id, labelled.contains(id) else {
                faults.append("a control has no label: \(control.name)")
                continue
            }
        }
        if headings != 1 { faults.append("\(headings) h1") }
    }

    /// The end of a tag, past quoted values.
    private static func end(of text: Substring) -> String.Index? {
        var isQuoted = false
        for index in text.indices {
            if text[index] == "\"" { isQuoted.toggle() }
            if text[index] == ">", !isQuoted { return index }
        }
        return nil
    }

    private mutating func take(_ tag: String) {
        if tag.hasPrefix("/") {
            let name = String(tag.dropFirst())
            guard open.popLast() == name else {
                faults.append("</\(name)> closes nothing")
                return
            }
            return
        }
        let isClosed = tag.hasSuffix("/")
        let name = String(tag.prefix { $0.isLetter || $0.isNumber })
        let attributes = attributes(tag.dropFirst(name.count))
        look(name, attributes)
        if isClosed || Self.void.contains(name) { return }
        if Self.selfClosing.contains(name), tag.hasSuffix("/") { return }
        open.append(name)
    }

    private mutating func attributes(_ text: Substring) -> [String: String] {
        var found: [String: String] = [:]
        var rest = text
        while true {
            rest = rest.drop { $0.isWhitespace || $0 == "/" }
            let name = rest.prefix { !$0.isWhitespace && $0 != "=" && $0 != "/" }
            if name.isEmpty { break }
            rest = rest.dropFirst(name.count)
            var value = ""
            if rest.hasPrefix("=\"") {
                rest = rest.dropFirst(2)
                value = String(rest.prefix { $0 != "\"" })
                rest = rest.dropFirst(value.count + 1)
            }
            if found[String(name)] != nil { faults.append("attribute \(name) twice") }
            found[String(name)] = value
        }
        return found
    }

    private mutating func look(_ name: String, _ attributes: [String: String]) {
        if name == "h1" { headings += 1 }
        if attributes["style"] != nil { faults.append("style attribute on \(name)") }
        for attribute in attributes.keys where attribute.hasPrefix("on") {
            faults.append("handler \(attribute)")
        }
        if name == "style" { faults.append("a style element") }
        if name == "script", attributes["src"]?.hasPrefix("/assets/") != true {
            faults.append("a script that is no asset")
        }
        if let id = attributes["id"], !ids.insert(id).inserted { faults.append("id \(id) twice") }
        if name == "label", let id = attributes["for"] { labelled.insert(id) }
        if let href = attributes["href"] { targets.append((href, false)) }
        if let action = attributes["action"] {
            targets.append((action, attributes["method"] == "post"))
        }
        if name == "input" && attributes["type"] == "hidden" { return }
        guard ["input", "select", "textarea"].contains(name) else { return }
        if attributes["aria-label"] != nil || open.contains("label") { return }
        controls.append((attributes["id"], attributes["name"] ?? name))
    }
}
