import Expressions
import PromotionModel

/// `kustomize-set-image`: writes versions of images into a Kustomization file.
struct KustomizeSetImageStep: ConfiguredStep {
    private var path = ""
    private var images: [ImageChoice] = []

    private struct ImageChoice: Configuration {
        var image = ""
        var tag: String?
        var digest: String?
        var name: String?
        var newName: String?

        mutating func visit(_ visitor: inout some ConfigurationVisitor) {
            visitor.text("image", &image, "the image's repository")
            visitor.text("tag", &tag, "its new tag; or say digest. * keeps the one that is there")
            visitor.text("digest", &digest, "its new digest")
            visitor.text("name", &name, "what the Kustomization calls it, if not its repository")
            visitor.text("newName", &newName, "a new name; * keeps the one that is there")
        }

        func contradictions() -> [FieldProblem] {
            switch (tag, digest) {
            case (nil, nil): [FieldProblem("tag", "is missing; say tag or digest")]
            case (.some, .some): [FieldProblem("tag", "and digest exclude each other")]
            case (.some, nil), (nil, .some): []
            }
        }

        var target: KustomizationImages.Target {
            KustomizationImages.Target(
                name: name ?? image,
                newName: newName,
                tag: tag,
                digest: digest
            )
        }
    }

    static let text = StepText(
        summary: "writes images into the Kustomization file of a directory; the rest of it stays",
        outputs: [StepOutput("commitMessage", "what was set, as a message for a commit")],
        example: """
            - uses: kustomize-set-image
              config:
                path: ./out/env/prod
                images:
                - image: registry.example.com/web
                  tag: ${{ imageFrom('registry.example.com/web').Tag }}
            """
    )

    mutating func visit(_ visitor: inout some ConfigurationVisitor) {
        visitor.text("path", &path, "the directory with the Kustomization file")
        visitor.parts(
            "images",
            &images,
            isRequired: false,
            "what to set; without it, every image of the freight that the stage will run"
        )
    }

    func perform(in context: StepContext) async throws(StepError) -> StepResult {
        let file = try file(in: context.workDirectory)
        let images = images.isEmpty ? try images(of: context.components) : images.map(\.target)
        guard !images.isEmpty else { return .succeeded(message: "the freight has no images") }
        let before = try context.workDirectory.read(file)
        let after: [UInt8]
        do throws(StepError) {
            after = try KustomizationImages.set(images, in: before)
        } catch {
            throw .wrong("\(WorkDirectory.shown(file)): \(error.message)")
        }
        if after != before { try context.workDirectory.replace(file, with: after) }
        return .succeeded(["commitMessage": .string(commitMessage(images))])
    }

    /// The one Kustomization file of the directory.
    private func file(in directory: WorkDirectory) throws(StepError) -> String {
        var found: [String] = []
        for name in ["kustomization.yaml", "kustomization.yml", "Kustomization"]
        where try directory.kind(of: "\(path)/\(name)") == .file {
            found.append("\(path)/\(name)")
        }
        guard let file = found.first else {
            throw .wrong("there is no Kustomization file in \(WorkDirectory.shown(path))")
        }
        guard found.count == 1 else {
            let names = found.map(WorkDirectory.shown).joined(separator: " and ")
            throw .wrong("there are \(names); keep one of them")
        }
        return file
    }

    /// The images of everything that the stage will run.
    private func images(
        of components: [JobComponent]
    ) throws(StepError) -> [KustomizationImages.Target] {
        var found: [String: (target: KustomizationImages.Target, origin: Origin)] = [:]
        for component in components {
            for image in component.to?.artifacts.compactMap(\.image) ?? [] {
                if let other = found[image.repoURL], other.origin != component.change.origin {
                    throw .wrong(
                        "\(other.origin) and \(component.change.origin) both have "
                            + "\(image.repoURL); list images and say which one is meant"
                    )
                }
                let target = KustomizationImages.Target(
                    name: image.repoURL,
                    tag: image.tag.isEmpty ? nil : image.tag,
                    digest: image.digest.isEmpty ? nil : image.digest
                )
                found[image.repoURL] = (target, component.change.origin)
            }
        }
        return found.values.map(\.target).sorted { $0.name < $1.name }
    }

    /// As Kargo words it.
    private func commitMessage(_ images: [KustomizationImages.Target]) -> String {
        let lines = images.sorted { $0.name < $1.name }.map { "- \($0.reference)" }
        let noun = images.count == 1 ? "image" : "images"
        return "Updated \(path) to use new \(noun)\n\n" + lines.joined(separator: "\n")
    }
}
