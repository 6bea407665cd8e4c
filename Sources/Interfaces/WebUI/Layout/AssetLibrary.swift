import Hummingbird

/// The style sheet, the script and the mark of the pages. They are in the binary, and their addresses hold a hash of
/// their content: browsers keep them for ever, and a new server brings new addresses.
struct AssetLibrary: Sendable {
    struct Asset: Sendable {
        let path: String
        let contentType: String
        let body: ByteBuffer

        fileprivate init(_ name: String, _ suffix: String, _ contentType: String, _ bytes: [UInt8]) {
            path = "/assets/\(name).\(Self.hash(of: bytes)).\(suffix)"
            self.contentType = contentType
            body = ByteBuffer(bytes: bytes)
        }

        /// FNV-1a: it tells versions of a file apart and guards nothing.
        /// Source: <http://www.isthe.com/chongo/tech/comp/fnv/>.
        private static func hash(of bytes: [UInt8]) -> String {
            let hash = bytes.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
            return String(hash, radix: 16)
        }
    }

    let style = Asset("style", "css", "text/css; charset=utf-8", PackageResources.style_css)
    let script = Asset("live", "js", "text/javascript; charset=utf-8", PackageResources.live_js)
    let mark = Asset("mark", "svg", "image/svg+xml", PackageResources.mark_svg)

    private var all: [Asset] { [style, script, mark] }

    func asset(at path: String) -> Asset? {
        all.first { $0.path == path }
    }
}
