/// Everything that can be asked by HTTP.
package enum EndpointTable {
    /// The API, in the order of its documentation, `docs/openapi.yaml`.
    package static let all: [Endpoint] =
        health + signIn + lists + entities + questions + spoken + changes + discover
        + access + hooks + ledger + folders + live

    /// The API and the pages, which `docs/PAGES.md` describes.
    static let served: [Endpoint] = all + pages
}
