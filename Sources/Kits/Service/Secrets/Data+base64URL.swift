package import Foundation

extension Data {
    /// Base64 for URLs and cookies, without padding (RFC 4648 §5).
    package var base64URL: String {
        base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }
}
