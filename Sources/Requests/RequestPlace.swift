/// Where a server takes a request: the path behind `/v1`.
package enum RequestPlace: Sendable, Equatable {
    /// `/v1/projects/PROJECT/NAME`.
    case ofProject(String)
    /// `/v1/NAME`.
    case ofLedger(String)

    /// What stands for the project in a path where nobody said one: the only one that there is.
    ///
    /// No project can be called so.
    package static let unsaidProject = "-"
}
