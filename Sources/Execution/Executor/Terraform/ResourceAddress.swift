/// Checks an address for `-target` and `-replace`, such as `module.network["eu"].aws_subnet.private[0]`.
///
/// The grammar is that of Terraform's "Resource Addressing". It is checked here so that a wrong one is refused before
/// anything is downloaded.
enum ResourceAddress {
    private static let lengthLimit = 2048

    static func isValid(_ address: String) -> Bool {
        guard address.utf8.count <= lengthLimit else { return false }
        var rest = Substring(address)
        guard takeName(from: &rest), takeIndex(from: &rest) else { return false }
        while !rest.isEmpty {
            guard rest.popFirst() == ".", takeName(from: &rest), takeIndex(from: &rest) else { return false }
        }
        return true
    }

    private static func takeName(from rest: inout Substring) -> Bool {
        guard let first = rest.first, first.isLetter || first == "_" else { return false }
        rest = rest.drop { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "-" }
        return true
    }

    /// Takes `[0]` or `["key"]`, or nothing.
    private static func takeIndex(from rest: inout Substring) -> Bool {
        guard rest.first == "[" else { return true }
        rest.removeFirst()
        if rest.first == "\"" {
            rest.removeFirst()
            while let character = rest.popFirst(), character != "\"" {
                if character.isNewline || character == "\0" { return false }
                if character == "\\", rest.popFirst() == nil { return false }
            }
        } else {
            guard let first = rest.first, first.isASCII, first.isNumber else { return false }
            rest = rest.drop { $0.isASCII && $0.isNumber }
        }
        return rest.popFirst() == "]"
    }
}
