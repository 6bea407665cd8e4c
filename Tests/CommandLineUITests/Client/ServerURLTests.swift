import Testing

@testable import CommandLineUI

struct ServerURLTests {
    @Test("slashes at the end do not count")
    func trailingSlash() throws {
        #expect(try ServerURL("https://example.org/terrakube/").url(["api"]) == "https://example.org/terrakube/api")
    }

    @Test("what is no server address is refused", arguments: ["", "localhost:8080", "ftp://example.org", "http://", "http://h?x=1"])
    func refused(text: String) {
        #expect(throws: ClientError.self) { try ServerURL(text) }
    }

    @Test("a password in the address is refused, and not repeated")
    func password() {
        let error = #expect(throws: ClientError.self) { try ServerURL("https://admin:s3cret@example.org") }
        #expect(error.map { "\($0)" }?.contains("s3cret") == false)
    }

    @Test("no segment or value leads elsewhere")
    func escaping() throws {
        let url = try ServerURL("http://h").url(["a/../b", "c d"], query: [("filter[x]", "name=='ä&b'")])
        #expect(url == "http://h/a%2F..%2Fb/c%20d?filter%5Bx%5D=name%3D%3D%27%C3%A4%26b%27")
    }

    @Test("an upload stays with the server that the user named")
    func rebasing() throws {
        let server = try ServerURL("http://localhost:8080")
        #expect(try server.rebased("http://localhost:8080/upload/1?x=2") == "http://localhost:8080/upload/1?x=2")
        #expect(try server.rebased("https://terrakube.example/upload/1?x=2") == "http://localhost:8080/upload/1?x=2")
        #expect(try server.rebased("http://localhost:8080@evil.example/u") == "http://localhost:8080/u")
    }
}
