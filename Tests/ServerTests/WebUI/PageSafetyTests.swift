import HTTPTypes
import Testing

struct PageSafetyTests {
    @Test("every page forbids what is inline or comes from elsewhere", arguments: ["/login", "/", "/runs/999", "/no/such/page"])
    func headers(path: String) async throws {
        try await PageFixture.with { fixture in
            try await fixture.browse { browser in
                let page = try await browser.signedIn().get(path)
                let policy = try #require(page.headers[.contentSecurityPolicy])
                #expect(policy.hasPrefix("default-src 'none'; script-src 'self'; style-src 'self'; "))
                #expect(policy.contains("frame-ancestors 'none'"))
                #expect(page.headers[.xContentTypeOptions] == "nosniff")
                #expect(page.headers[.cacheControl] == "no-store")
                #expect(page.text.contains(/<script(?![^>]*src=)|<style|\sstyle="|\son\w+="/) == false)
            }
        }
    }

    @Test("what pages refer to is there, and may be kept for ever")
    func assets() async throws {
        try await PageFixture.with { fixture in
            try await fixture.browse { browser in
                let page = try await browser.get("/login").text
                let paths = page.matches(of: /(?:href|src)="(\/assets\/[^"]+)"/).map { String($0.1) }
                #expect(Set(paths).count == 3)
                for path in paths {
                    let asset = try await browser.get(path)
                    #expect(asset.status == 200)
                    #expect(asset.headers[.cacheControl]?.contains("immutable") == true)
                }
                #expect(try await browser.get("/assets/style.0.css").status == 404)
            }
        }
    }

    @Test("a browser gets a page for an address where nothing is, a program gets its own error")
    func notFound() async throws {
        try await PageFixture.with { fixture in
            try await fixture.browse { browser in
                let page = try await browser.get("/no/such/page")
                #expect(page.status == 404)
                #expect(page.text.hasPrefix("<!doctype html>"))
                let program = try await browser.get("/no/such/page", headers: [.accept: "*/*"])
                #expect(program.headers[.contentType] == "application/vnd.api+json")
                #expect(try await browser.get("/api/v1/nothing").headers[.contentType] == "application/vnd.api+json")
            }
        }
    }
}
