/// Everything that can be asked by HTTP.
package enum EndpointTable {
    /// In the order of the documentation.
    package static let all: [Endpoint] =
        health + signIn + lists + entities + questions + spoken + changes + discover
        + ledger + live
}
