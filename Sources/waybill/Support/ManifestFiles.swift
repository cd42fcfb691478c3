import Glibc
import Manifests
import PromotionModel
import Requests

/// Reads manifests from where the command line says.
enum ManifestFiles {
    /// No manifest is larger.
    private static let byteCountMax = ManifestLimits.fileBytesMax

    /// What is in files, folders (their `.yaml`, `.yml` and `.json` files, in order) and
    /// standard input (`-`).
    ///
    /// Notices go to standard error; all problems together are one failure.
    static func read(_ places: [String]) throws -> Found {
        let found = try reading(places)
        for notice in found.notices { StandardError.write("\(notice)") }
        guard found.problems.isEmpty else { throw CommandFailure(found.problems) }
        guard !found.resources.isEmpty else {
            throw CommandFailure.usage(
                "there is no document to apply in \(places.map(title).joined(separator: ", ")); "
                    + "name others with --file"
            )
        }
        return found
    }

    /// What the documents say and what is wrong with them, files in order.
    static func reading(_ places: [String]) throws -> Found {
        var found = Found()
        for file in try places.flatMap(files) {
            let text = try text(of: file)
            let reading = ManifestReader.read(text, file: title(of: file))
            found.source.add(text, of: title(of: file))
            found.notices += reading.notices
            found.resources += reading.resources
            found.problems += reading.problems
            found.documentCount += reading.documentCount
        }
        if found.documentCount == 0, found.problems.isEmpty {
            throw CommandFailure.usage(
                "there is no document in \(places.map(title).joined(separator: ", ")); name others "
                    + "with --file"
            )
        }
        return found
    }

    /// What several files say together.
    struct Found {
        var resources: [Resource] = []
        var notices: [Notice] = []
        var problems: [ManifestProblem] = []
        var documentCount = 0
        /// The documents themselves.
        var source = ManifestSource()
    }

    /// How a place is called in sentences.
    private static func title(of file: String) -> String {
        file == "-" ? "standard input" : file
    }

    private static func files(_ place: String) throws -> [String] {
        if place == "-" { return [place] }
        var status = stat()
        guard unsafe stat(place, &status) == 0 else {
            throw CommandFailure.notFound(
                "there is no file or folder \(place.quotedForDisplay); name another with --file"
            )
        }
        guard status.st_mode & S_IFMT == S_IFDIR else { return [place] }
        guard let folder = unsafe opendir(place) else {
            throw CommandFailure(
                .failure,
                "failure",
                "the folder \(place) cannot be read; mend that, or name another with --file"
            )
        }
        defer { unsafe closedir(folder) }
        var names: [String] = []
        while let entry = unsafe readdir(folder) {
            let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if [".yaml", ".yml", ".json"].contains(where: name.hasSuffix) { names.append(name) }
        }
        let prefix = place.hasSuffix("/") ? place : place + "/"
        return names.sorted().map { prefix + $0 }
    }

    private static func text(of file: String) throws -> String {
        let descriptor = file == "-" ? STDIN_FILENO : unsafe open(file, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw CommandFailure(
                .failure,
                "failure",
                "\(title(of: file)) cannot be read; mend that, or name another with --file"
            )
        }
        defer { if descriptor != STDIN_FILENO { close(descriptor) } }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = unsafe buffer.withUnsafeMutableBytes {
                unsafe Glibc.read(descriptor, $0.baseAddress, $0.count)
            }
            if count == 0 { break }
            guard count > 0 else {
                throw CommandFailure(
                    .failure,
                    "failure",
                    "\(title(of: file)) cannot be read; mend that, or name another with --file"
                )
            }
            bytes += buffer[..<count]
            guard bytes.count <= byteCountMax else {
                throw CommandFailure.usage(
                    "\(title(of: file)) is larger than \(byteCountMax) bytes; split it, and name "
                        + "the parts with --file"
                )
            }
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw CommandFailure.usage("\(title(of: file)) is not UTF-8; save it as UTF-8")
        }
        return text
    }
}
