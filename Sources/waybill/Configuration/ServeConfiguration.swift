import Expressions
import Manifests
import Matching
import PromotionModel
import Requests

/// The settings of a server that are in effect, each with where its value comes from.
///
/// An option counts more than a variable, a variable more than the file, the file more than what
/// holds where nobody says anything.
struct ServeConfiguration {
    /// A value, and who said it.
    struct Chosen {
        let setting: Setting
        let value: Value
        /// `--listen`, `WAYBILL_LISTEN`, `ledger/serve.yaml:3`, or `default`.
        let source: String
    }

    let chosen: [Chosen]

    /// The file that is read if nobody names one, in the ledger's directory.
    static let fileName = "serve.yaml"

    /// What options, variables and the file come to.
    ///
    /// - Throws: if a variable or the file says something that is no value of its setting.
    init(_ options: ServeOptions, besideLedgerAt directory: String) throws(CommandFailure) {
        let file = try Self.file(options.config, directory)
        let said = options.said
        var chosen: [Chosen] = []
        for setting in ServeOptions.settings {
            let value: Value
            let source: String
            if let option = said[setting.name] {
                (value, source) = (option, setting.option)
            } else if let text = Environment.variable(setting.variable) {
                guard let variable = setting.value(ofVariable: text) else {
                    throw .usage(
                        "\(setting.variable) is \(text.quotedForDisplay); it takes "
                            + setting.wanted
                    )
                }
                (value, source) = (variable, setting.variable)
            } else if let entry = file.first(where: { $0.name == setting.name }) {
                guard let written = setting.value(ofFile: entry.value) else {
                    throw .usage("\(entry.place): \(setting.name) takes \(setting.wanted)")
                }
                (value, source) = (written, "\(entry.place.file):\(entry.place.line)")
            } else {
                (value, source) = (setting.standard, "default")
            }
            chosen.append(Chosen(setting: setting, value: value, source: source))
        }
        self.chosen = chosen
    }

    /// The value of a setting.
    subscript(name: String) -> Value {
        guard let found = chosen.first(where: { $0.setting.name == name }) else {
            preconditionFailure("there is no setting \(name)")
        }
        return found.value
    }

    /// What is written in the file that somebody named, or in the usual one.
    private static func file(
        _ option: String?,
        _ directory: String
    ) throws(CommandFailure) -> [SettingsFile.Entry] {
        let named = option ?? Environment.variable("WAYBILL_CONFIG")
        let path = named ?? "\(directory)/\(fileName)"
        guard let text = try TextFile.read(path) else {
            guard named == nil else {
                throw .notFound(
                    "there is no file \(path.quotedForDisplay); name another with --config"
                )
            }
            return []
        }
        let settings: SettingsFile
        do throws(ManifestProblem) {
            settings = try SettingsFile(text, file: path)
        } catch {
            throw .usage("\(error); mend that, or name another file with --config")
        }
        let known = ServeOptions.settings.map(\.name)
        for entry in settings.entries where !known.contains(entry.name) {
            let nearest = NearestName.nearest(to: entry.name, among: known)
            throw .usage(
                "\(entry.place): there is no setting \(entry.name.quotedForDisplay); "
                    + (nearest.map { "did you mean \"\($0)\"? " } ?? "")
                    + "there are \(known.joined(separator: ", "))"
            )
        }
        return settings.entries
    }
}
