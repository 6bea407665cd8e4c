import Testing
import HummingbirdTesting
@Test("x") func x() { #expect(1 == 1) }
