import Outgoing
import Testing

struct OutgoingURLTests {
    @Test(
        "an address of the public internet is taken, by name or by number",
        arguments: [
            "https://hooks.slack.com/services/T0/B0/x", "http://example.com", "https://example.com:8443/a?b=c#d", "HTTPS://Example.COM/",
            "https://8.8.8.8/", "https://[2606:4700:4700::1111]/", "https://[::ffff:8.8.8.8]/", "https://xn--bcher-kva.example/",
            "https://10.example.com/", "https://172.32.0.1/", "https://100.128.0.1", "https://192.169.0.1", "https://1.1.1.1.",
            "https://localhost.example.com", "https://0xcafe.example.com",
        ]
    )
    func publicAddresses(url: String) throws {
        let taken = try OutgoingURL(url)
        #expect(["http", "https"].contains(taken.scheme))
        #expect(taken.host.contains("[") == false)
    }

    @Test(
        "an address of a private or local network is refused, and taken where such are allowed",
        arguments: [
            "http://127.0.0.1/", "http://127.0.0.1./", "http://0.0.0.0/", "http://10.0.0.8:8080/", "http://172.16.0.1/",
            "http://172.31.255.255/", "http://192.168.1.1/", "http://169.254.169.254/latest/meta-data", "http://100.64.0.1/",
            "http://100.127.255.255/", "http://224.0.0.1/", "http://255.255.255.255/", "http://[::1]/", "http://[::]/", "http://[fe80::1]/",
            "http://[fc00::1]/", "http://[fd12:3456:789a::1]:9000/", "http://[::ffff:127.0.0.1]/", "http://[::ffff:a00:1]/",
            "http://[::127.0.0.1]/", "http://[64:ff9b::7f00:1]/", "http://[2002:7f00:1::]/", "http://[ff02::1]/", "http://localhost/",
            "http://LOCALHOST./", "http://api.localhost:3000/",
        ]
    )
    func localAddresses(url: String) throws {
        let refusal = #expect(throws: OutgoingURLError.self) { try OutgoingURL(url) }
        #expect(refusal?.reason == "must not lead to an address of a private or local network")
        #expect(throws: Never.self) { try OutgoingURL(url, allowsPrivateAddresses: true) }
    }

    @Test(
        "an address in a spelling that hides it is refused everywhere",
        arguments: [
            "http://127.1/", "http://2130706433/", "http://0x7f000001/", "http://0x7f.1/", "http://0177.0.0.1/", "http://0/",
            "http://1.2.3.4.5/", "http://256.256.256.256/", "http://4294967296/", "https://%31%32%37.0.0.1/", "http://１２７.0.0.1/",
            "http://foo.0x10/", "http://[1::2::3]/", "http://[fe80::1%25eth0]/",
        ]
    )
    func disguises(url: String) throws {
        #expect(throws: OutgoingURLError.self) { try OutgoingURL(url) }
        if url.contains("%31") == false { #expect(throws: OutgoingURLError.self) { try OutgoingURL(url, allowsPrivateAddresses: true) } }
    }

    @Test(
        "what is no plain URL of a host is refused, and the reason does not repeat it",
        arguments: [
            "", "example.com", "//example.com/x", "ftp://example.com/", "file:///etc/passwd", "javascript:alert(1)", "https://",
            "https:///x",
            "https://s3cret@example.com/", "https://user:s3cret@example.com/", "https://exa mple.com/", "https://example.com:0/",
            "https://example.com:99999/", "https://example.com/a b?s3cret", "https://bücher.example/", "http://[::1",
            "http://example.com\r\nhost: s3cret/", "https://./", "https://a..b/",
        ]
    )
    func nonsense(url: String) throws {
        let refusal = #expect(throws: OutgoingURLError.self) { try OutgoingURL(url, allowsPrivateAddresses: true) }
        #expect(refusal?.reason.contains("s3cret") == false)
    }
}
