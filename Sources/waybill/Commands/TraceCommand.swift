import ArgumentParser
import Requests

struct TraceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trace",
        abstract: "From an artifact to the stages that it was in, and back.",
        discussion: """
            When it was found, what freight was made of it, which bundles hold that, and each \
            time that it was in a stage: since when, since when verified (or that this was \
            withdrawn), until when, by which bundle and promotion.

            Freight goes by alias or id; a commit by six or more characters of its id; a tag or \
            chart version whole, or REPOSITORY:TAG; an image by its digest. What is called \
            exactly so goes before what begins so. Ends with 4 where there is no such freight; \
            the sentence says if a warehouse has found the artifact and no freight was made of \
            it.

            For example: waybill trace 64929ca
            or: waybill trace registry.example.com/shop/web:1.4.2
            """
    )

    @OptionGroup var options: LedgerOptions
    @OptionGroup var moment: MomentOptions
    @OptionGroup var paging: PageOptions

    @Argument(
        help: "An artifact or freight.",
        completion: Completions.freight
    )
    var what: String

    func run() async throws {
        var question = TraceQuestion()
        question.what = what
        try await CommandClient(asking: options).answer(question.of(moment, paging))
    }
}
