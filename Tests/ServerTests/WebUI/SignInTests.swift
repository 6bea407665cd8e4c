import HTTPTypes
import Testing

struct SignInTests {
    @Test("a visitor is asked to sign in, and comes to the page that they wanted")
    func signIn() async throws {
        try await PageFixture.with { fixture in
            try await fixture.browse { browser in
                #expect(try await browser.get("/").location == "/login")
                #expect(try await browser.get("/runs/7?x=1").location == "/login?next=/runs/7%3Fx%3D1")
                let form = try await browser.get("/login?next=/runs/7%3Fx%3D1")
                #expect(form.status == 200)
                #expect(form.text.contains(#"<input type="hidden" name="next" value="/runs/7?x=1">"#))
                let answer = try await browser.post(
                    "/login",
                    ["username": "admin", "password": PageFixture.password, "next": "/runs/7?x=1"]
                )
                #expect(answer.status == 303)
                #expect(answer.location == "/runs/7?x=1")
                #expect(answer.headers[.setCookie]?.contains("HttpOnly") == true)
                #expect(try await browser.signedIn().get("/login").location == "/")
            }
        }
    }

    @Test("a wrong password and an unknown name get the same answer, and no cookie")
    func wrongPassword() async throws {
        try await PageFixture.with { fixture in
            try await fixture.browse { browser in
                let wrong = try await browser.post("/login", ["username": "admin", "password": "wrong", "next": "/runs/7"])
                let unknown = try await browser.post("/login", ["username": "nobody", "password": "wrong", "next": "/runs/7"])
                #expect(wrong.status == 403)
                #expect(unknown.status == 403)
                #expect(wrong.headers[.setCookie] == nil)
                #expect(wrong.text.contains("The username or the password is wrong."))
                let clock = /data-now="\d+"/
                #expect(wrong.text.replacing(clock, with: "") == unknown.text.replacing(clock, with: ""))
            }
        }
    }

    @Test("signing in leads nowhere else", arguments: ["//evil.example", "https://evil.example", "/\\evil.example"])
    func openRedirect(target: String) async throws {
        try await PageFixture.with { fixture in
            try await fixture.browse { browser in
                let answer = try await browser.post("/login", ["username": "admin", "password": PageFixture.password, "next": target])
                #expect(answer.location == "/")
            }
        }
    }

    @Test(
        "another site can't sign anybody in",
        arguments: [
            (HTTPField.Name("Sec-Fetch-Site"), "cross-site"), (HTTPField.Name("Sec-Fetch-Site"), "same-site"),
            (HTTPField.Name.origin, "https://evil.example"), (HTTPField.Name.origin, "null"),
        ]
    )
    func foreignForm(name: HTTPField.Name?, value: String) async throws {
        let name = try #require(name)
        try await PageFixture.with { fixture in
            try await fixture.browse { browser in
                let fields: KeyValuePairs = ["username": "admin", "password": PageFixture.password]
                let answer = try await browser.post("/login", fields, headers: [name: value])
                #expect(answer.status == 403)
                #expect(answer.headers[.setCookie] == nil)
                #expect(try await browser.post("/login", fields, headers: [.origin: "http://terrakube.example"]).status == 303)
            }
        }
    }

    @Test("signing out needs the form's token, and ends the session")
    func signOut() async throws {
        try await PageFixture.with { fixture in
            try await fixture.browse { browser in
                let browser = try await browser.signedIn()
                let home = try await browser.get("/")
                #expect(home.status == 200)
                #expect(try await browser.post("/logout", ["csrf": "guess"]).status == 403)
                #expect(try await browser.get("/").status == 200)
                let csrf = try #require(home.csrf)
                #expect(try await browser.post("/logout", ["csrf": csrf]).location == "/login")
                #expect(try await browser.get("/").status == 303)
            }
        }
    }

    @Test("a body that is no form, an incomplete one and a huge one are refused by a page")
    func badForms() async throws {
        try await PageFixture.with { fixture in
            try await fixture.browse { browser in
                let json = try await browser.send(.post, "/login", headers: [.contentType: "application/json"], body: "{}")
                let incomplete = try await browser.post("/login", ["username": "admin"])
                let huge = try await browser.post("/login", ["username": "admin", "password": String(repeating: "a", count: 70_000)])
                for (page, status) in [(json, 400), (incomplete, 400), (huge, 413)] {
                    #expect(page.status == status)
                    #expect(page.headers[.contentType] == "text/html; charset=utf-8")
                    #expect(page.text.contains("<h1>"))
                }
            }
        }
    }
}
