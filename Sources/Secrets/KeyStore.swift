/// Texts by keys that are kept beside the ledger: one file for a key in
/// `secrets/<project>/<name>`, `config/<project>/<name>` or `credentials/<project>/<name>`, or
/// variables of the environment.
///
/// What all projects share is under `_shared` in the place of the project, which no project can be
/// called. Files are read anew each time, so a change counts from the next promotion on.
package struct KeyStore: Sendable {
    private let directory: String
    private let environment: [String: String]

    /// The keys beside the ledger in `directory`, and in the environment of a process.
    package init(directory: String, environment: [String: String] = [:]) {
        self.directory = directory
        self.environment = environment
    }

    /// The keys of a name, of a project or shared (nil); nil where there are none.
    ///
    /// What a file says counts more than the environment.
    package func keys(
        _ kind: KeyKind,
        _ name: String,
        in project: String?
    ) throws(KeyStoreError) -> [String: String]? {
        let files = try KeyFolder.keys(directory, kind, name, in: project)
        let variables = Self.environmentKeys(kind, name, in: project, environment)
        guard files != nil || !variables.isEmpty else { return nil }
        return variables.merging(files ?? [:]) { _, file in file }
    }

    /// The names of which there are keys, of a project or shared (nil), in their order.
    package func names(
        _ kind: KeyKind,
        in project: String?
    ) throws(KeyStoreError) -> [String] {
        var names = Set(try KeyFolder.names(directory, kind, in: project))
        let prefix = Self.variablePrefix(kind, in: project)
        for variable in environment.keys {
            guard let prefix, variable.hasPrefix(prefix) else { continue }
            let rest = variable.dropFirst(prefix.count)
            guard let mark = rest.firstRange(of: "__") else { continue }
            let name = rest[..<mark.lowerBound].lowercased().replacing("_", with: "-")
            if Self.isPlain(name) { names.insert(name) }
        }
        return names.sorted()
    }

    /// The absolute path of the file of a key; nil where the key is not in a file.
    func filePath(
        of key: String,
        _ kind: KeyKind,
        _ name: String,
        in project: String?
    ) -> String? {
        guard let keys = try? KeyFolder.keys(directory, kind, name, in: project), keys[key] != nil
        else { return nil }
        return KeyFolder.path(directory, kind, name, in: project) + "/" + key
    }

    // MARK: - The environment

    private static func environmentKeys(
        _ kind: KeyKind,
        _ name: String,
        in project: String?,
        _ environment: [String: String]
    ) -> [String: String] {
        guard isPlain(name), let start = variablePrefix(kind, in: project) else { return [:] }
        let prefix = start + variableForm(name) + "__"
        var keys: [String: String] = [:]
        for (variable, value) in environment where variable.hasPrefix(prefix) {
            let key = String(variable.dropFirst(prefix.count))
            if KeyFolder.isKey(key) { keys[key] = value }
        }
        return keys
    }

    /// What the variables of a project begin with; nil if its name cannot be told from another's.
    private static func variablePrefix(_ kind: KeyKind, in project: String?) -> String? {
        guard let project else { return kind.prefix(isShared: true) }
        guard isPlain(project) else { return nil }
        return kind.prefix(isShared: false) + variableForm(project) + "__"
    }

    /// Whether no other name looks the same in the name of a variable.
    private static func isPlain(_ name: String) -> Bool {
        KeyFolder.isName(name) && !name.contains(".") && !name.contains("--")
    }

    private static func variableForm(_ name: String) -> String {
        name.uppercased().replacing("-", with: "_")
    }
}
