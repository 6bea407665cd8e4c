import Outgoing
import Testing

struct NetworkAddressTests {
    @Test(
        "addresses of private, local and special networks are not public",
        arguments: [
            "0.0.0.0", "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.127.255.255", "127.0.0.1", "127.8.8.8", "169.254.169.254",
            "172.16.0.1", "172.31.255.255", "192.0.0.1", "192.0.2.1", "192.168.1.1", "198.18.0.1", "198.19.255.255", "198.51.100.1",
            "203.0.113.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "::", "::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
            "64:ff9b::a00:1", "fc00::1", "fd12::1", "fe80::1", "ff02::1", "2001:db8::1", "2002:a00:1::", "::10.0.0.1",
        ]
    )
    func special(text: String) throws {
        #expect(try #require(NetworkAddress(text)).isPublic == false)
    }

    @Test(
        "addresses next to them are public",
        arguments: [
            "1.1.1.1", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "172.15.255.255", "172.32.0.0", "192.169.0.1",
            "198.20.0.1", "223.255.255.255", "2606:4700::1111", "::ffff:1.1.1.1", "64:ff9b::101:101", "2a00:1450:4001::1",
        ]
    )
    func open(text: String) throws {
        #expect(try #require(NetworkAddress(text)).isPublic)
    }

    @Test("what is no address is none", arguments: ["", "example.com", "1.2.3", "0x7f.1", "2130706433", "::g"])
    func names(text: String) {
        #expect(NetworkAddress(text) == nil)
    }
}
