import Expressions
import PromotionModel
import PromotionRunner
import Testing

/// Fields are set, images written and files merged without a byte of the rest being touched.
@Suite struct EditingYAML {
    private static let layout = YAMLLayout(mapIndentation: 2, listIndentation: 0)

    private func set(_ text: String, _ key: String, _ value: Value) throws(StepError) -> String {
        let bytes = try YAMLFieldUpdate.applied(
            key,
            value,
            to: Array(text.utf8),
            layout: Self.layout
        )
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test(
        arguments: [
            ("# c\na:  1 # one\n\n\nb: 2\n", "c", 3, "# c\na:  1 # one\n\n\nb: 2\nc: 3\n"),
            (
                "a:\n   b: 1 # x\n# end\n", "a.c.d", "z",
                "a:\n   b: 1 # x\n   c:\n      d: z\n# end\n"
            ),
            ("a: {b: 1} # x\n", "a.c", "d,e", "a: {b: 1, c: \"d,e\"} # x\n"),
            ("a: {} # x\nb: 1\n", "a.c", 1, "a: # x\n  c: 1\nb: 1\n"),
            ("a: [] # x\nb: 1\n", "a.-1.k", 1, "a: # x\n- k: 1\nb: 1\n"),
            ("a: [1, 2]\n", "a.5", 3, "a: [1, 2, 3]\n"),
            ("a:\n- x # 1\n# after\nb: 1\n", "a.-1", "z", "a:\n- x # 1\n- z\n# after\nb: 1\n"),
            ("a:\n  - n: 1\n    m: 2\n", "a.0.o", 3, "a:\n  - n: 1\n    m: 2\n    o: 3\n"),
            ("a:\n  - x\n", "a.-1", ["k": [1, 2]], "a:\n  - x\n  - k:\n      - 1\n      - 2\n"),
            ("a: |\n  one\n\n  two\n\nb: 1\n", "c", 2, "a: |\n  one\n\n  two\n\nb: 1\nc: 2\n"),
            ("b: 1\na: |+\n  one\n\n", "c", 2, "b: 1\na: |+\n  one\n\nc: 2\n"),
            ("b: 1\na: |\n  one\n\n", "c", 2, "b: 1\na: |\n  one\nc: 2\n\n"),
            ("", "a.b", 1, "a:\n  b: 1\n"), ("# only\n", "a", 1, "# only\na: 1\n"),
            ("a: old # c\n", "a", ["x": 1], "a: # c\n  x: 1\n"),
            ("a:  # c\n  x: 1\n  y: 2\nb: 1\n", "a", "new", "a: new  # c\nb: 1\n"),
            ("a:\n- 1\n- 2\n- 3\n", "a", [1], "a:\n- 1\n"),
            ("a:\n  x: 1\n  y: 2 # two\n  z: 3\n", "a", ["y": 5], "a:\n  y: 5 # two\n"),
            ("- a: 1\n  b: 2\n", "0", ["b": 2, "c": 3], "- b: 2\n  c: 3\n"),
            ("x: &x\n  k: 1\ny: *x\n", "y.k", 2, "x: &x\n  k: 2\ny: *x\n"),
            ("x: &x 1\ny: *x\n", "y", 2, "x: &x 1\ny: 2\n"),
            ("a: 1\r\nb:\r\n  c: 1\r\n", "b.d", 2, "a: 1\r\nb:\r\n  c: 1\r\n  d: 2\r\n"),
            ("a: 1\n---\nb: 2\n", "c", 3, "a: 1\nc: 3\n---\nb: 2\n"),
            ("a: 1", "b", 2, "a: 1\nb: 2\n"), ("a:\n  b: 1", "a.c", 2, "a:\n  b: 1\n  c: 2\n"),
            ("\"a.b\": 'x'\n", "a\\.b", "y", "\"a.b\": 'y'\n"),
            ("a: 1.0\n", "a", 1.0, "a: 1.0\n"), ("a: yes\n", "b", "yes", "a: yes\nb: \"yes\"\n"),
        ] as [(String, String, Value, String)]
    )
    func `a field is set`(before: String, key: String, value: Value, after: String) throws {
        let text = try set(before, key, value)
        #expect(text == after)
        // Doing it again changes nothing, unless it appends.
        if !key.contains("-1") && !key.contains("5") {
            #expect(try set(after, key, value) == after)
        }
    }

    @Test(arguments: [
        ("a: &x 1\nb: *x\n", "a", "anchor"), ("a: !!str 1\n", "a", "tag"),
        ("a: [1]\n", "a.x", "no index"), ("a: [1]\n", "a.-2", "no index"),
        ("a: 1\na: 2\n", "a", "there twice"), ("a: 1\n", "", "empty part"),
        ("a: 1\n", "x:y", "colon"), ("a: \u{1}\n", "a", "not YAML"),
    ])
    func `what cannot be set is an error`(text: String, key: String, words: String) {
        do {
            let result = try set(text, key, "new")
            Issue.record("\(key) was set: \(result)")
        } catch {
            #expect(error.message.contains(words), "\(error.message)")
        }
    }

    private func merged(_ texts: String...) throws(StepError) -> String {
        let files = texts.enumerated().map { (path: "f\($0)", bytes: Array($1.utf8)) }
        return String(decoding: try YAMLMerge.merged(files), as: UTF8.self)
    }

    @Test func `the first file keeps its layout, and what is new comes as it is written`() throws {
        let base = """
            # base
            image:
              tag: "1.0"   # the tag
              repo: r
            hosts:
            - a
            - b   # second
            env: {A: 1, B: 2}
            gone: 1
            last: x
            """
        let overlay = """
            image:
                tag: '2.0'      # ignored
                # of the new one
                pull:
                    policy: Always   # why
                    script: |
                        one
                          two
            hosts: [c]
            env: {B: 3}
            gone: null
            added: 0777   # kept as it is
            """
        let expected = """
            # base
            image:
              tag: '2.0'   # the tag
              repo: r
              pull:
                  policy: Always   # why
                  script: |
                      one
                        two
            hosts: [c]
            env: {A: 1, B: 3}
            last: x
            added: 0777   # kept as it is

            """
        #expect(try merged(base, overlay) == expected)
    }

    @Test(arguments: [
        (["a: 1\n", ""], "a: 1\n"), (["", "a: 1 # x\n"], "a: 1 # x\n"), ([], ""), (["# c\n"], ""),
        (["a: {b: 1}\n", "a: {c: 2}\n"], "a: {b: 1, c: 2}\n"),
        (["a:\n  b: 1\n", "a: {c: 2}\n"], "a:\n  b: 1\n  c: 2\n"),
        (["a:\n  b: 1\n", "a:\n  b: null\n"], "a: {}\n"),
        (["a:\n  b: 1\n  c: 2\n", "a:\n  b: ~\n  c: ~\n  d: 3\n"], "a:\n  d: 3\n"),
        (["a:\n", "a:\n  b: 1\n"], "a:\n  b: 1\n"), (["a: null\n", "a: [1]\n"], "a: [1]\n"),
        (["a: 1\n", "b: &x 2\nc: *x\n"], "a: 1\nb: 2\nc: 2\n"),
        (["x: &x {k: 1}\na: *x\n", "a:\n  m: 2\n"], "x: &x {k: 1}\na:\n  k: 1\n  m: 2\n"),
        (["a: 1\n", "a: 1.0\n"], "a: 1.0\n"), (["a: x\n", "a: |\n  y\n  z\n"], "a: |\n  y\n  z\n"),
        (["a: 1\n", "b: 2\n", "a: 3\n"], "a: 3\nb: 2\n"), (["- a\n", "- b\n"], "- b\n"),
        (["a:\n- x: 1\n", "a:\n- y: 2\n  z: 3\n"], "a:\n- y: 2\n  z: 3\n"),
    ])
    func `of each key the last file counts`(texts: [String], expected: String) throws {
        let files = texts.enumerated().map { (path: "f\($0)", bytes: Array($1.utf8)) }
        let text = String(decoding: try YAMLMerge.merged(files), as: UTF8.self)
        #expect(text == expected)
    }

    @Test(arguments: [
        ("a: 1\n", "a: [1]\n", "f1: a is a scalar in what came before, and a list here"),
        ("a:\n  b: 1\n", "a:\n  b:\n    c: 1\n", "f1: a.b is a scalar"),
        ("a: {b: 1}\n", "a: 2\n", "f1: a is a map"), ("a: 1\n", "b: 1\n---\nc: 1\n", "documents"),
        ("a: 1\na: 2\n", "b: 1\n", "f0: the key a is there twice"), ("a: [\n", "", "f0: line 2"),
        ("a: 1\n", "[b]\n", "f1: it is a map"),
    ])
    func `what cannot be merged names the file`(base: String, overlay: String, words: String) {
        do {
            let result = try merged(base, overlay)
            Issue.record("it was merged: \(result)")
        } catch {
            #expect(error.message.contains(words), "\(error.message)")
        }
    }
}

/// Images are written into Kustomization files.
@Suite struct SettingImages {
    let trial: StepTrial

    init() throws { trial = StepTrial(try Workshop()) }

    private static let file = """
        # prod
        resources: [../base]
        images:
        - name: web # the page
          newTag: v1
          tagSuffix: -x
        - name: api   # the api
          newName: registry.example.com/api
          digest: sha256:abc
        namePrefix: prod-

        """

    private func outcome(
        _ images: Value,
        file: String = file,
        name: String = "kustomization.yaml",
        components: [JobComponent] = []
    ) async throws -> StepTrial.Outcome {
        try await trial.perform(
            "kustomize-set-image",
            ["path": "env", "images": images],
            files: ["env/\(name)": file],
            components: components,
            reading: "env/\(name)"
        )
    }

    @Test func `entries are changed and added, comments and order stay`() async throws {
        let outcome = try await outcome([
            ["image": "web", "tag": "v2"],
            ["image": "r/api", "name": "api", "tag": "v9", "newName": "*"],
            ["image": "new", "digest": "sha256:def"],
        ])
        let expected = """
            # prod
            resources: [../base]
            images:
            - name: web # the page
              newTag: v2
            - name: api   # the api
              newName: registry.example.com/api
              newTag: v9
            - name: new
              digest: sha256:def
            namePrefix: prod-

            """
        #expect(outcome.text == expected, "\(outcome.message ?? "")")
        #expect(
            outcome.outputs["commitMessage"]
                == "Updated env to use new images\n\n- *:v9\n- new@sha256:def\n- web:v2"
        )
    }

    @Test func `a file without images gets some`() async throws {
        let outcome = try await outcome(
            [["image": "web", "tag": "1.10"]],
            file: "resources:\n- a.yaml\n",
            name: "Kustomization"
        )
        #expect(
            outcome.text == "resources:\n- a.yaml\nimages:\n- name: web\n  newTag: \"1.10\"\n"
        )
    }

    private func component(_ name: String, image: String) -> JobComponent {
        var artifact = ImageArtifact()
        artifact.repoURL = image
        artifact.tag = "v7"
        artifact.digest = "sha256:77"
        var freight = Freight()
        freight.id = FreightID(unchecked: name)
        freight.origin = .warehouse(WarehouseName(unchecked: name))
        freight.artifacts = [Artifact(image: artifact)]
        let held = JobFreight(freight: freight, alias: name, artifacts: freight.artifacts)
        return JobComponent(
            change: ComponentChange(
                origin: freight.origin,
                from: nil,
                to: freight.id,
                kind: .added
            ),
            from: nil,
            to: held
        )
    }

    @Test func `without a list every image of the freight is written`() async throws {
        let outcome = try await outcome(
            .null,
            file: "images: []\n",
            components: [component("a", image: "r/a"), component("b", image: "r/b")]
        )
        let entry = "  newTag: v7\n  digest: sha256:77\n"
        #expect(outcome.text == "images:\n- name: r/a\n\(entry)- name: r/b\n\(entry)")
        let twice = try await self.outcome(
            .null,
            components: [component("a", image: "r/a"), component("b", image: "r/a")]
        )
        #expect(twice.message?.contains("both have r/a; list images") == true)
        let none = try await self.outcome(.null)
        #expect(none.status == .succeeded && none.text == Self.file && none.outputs.isEmpty)
    }

    @Test func `there is one Kustomization file, or it is an error`() async throws {
        let config: Value = ["path": "env", "images": [["image": "a", "tag": "b"]]]
        let missing = try await trial.perform("kustomize-set-image", config)
        #expect(missing.message == "there is no Kustomization file in env")
        let two = try await trial.perform(
            "kustomize-set-image",
            config,
            files: ["env/kustomization.yaml": "", "env/Kustomization": ""]
        )
        #expect(two.message?.contains("keep one of them") == true)
        let wrong = try await outcome([["image": "a", "tag": "b"]], file: "images: x\n")
        #expect(wrong.message == "env/kustomization.yaml: images is text, not a list")
    }
}
