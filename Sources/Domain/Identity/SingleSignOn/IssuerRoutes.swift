import Foundation
import HTTPTypes
package import Hummingbird
import JSONAPI
package import Service

/// The part of `/dex` that programs use: discovery, keys, tokens, device codes. Nobody has to be signed in for it.
package struct IssuerRoutes: Sendable {
    /// No request to the issuer has more, in bytes.
    private static let bodyLimit = 16 * 1024

    private let signOn: SingleSignOnService

    package init(signOn: SingleSignOnService) {
        self.signOn = signOn
    }

    package func register(on router: some RouterMethods<ServerContext>) {
        router.group("dex")
            .get(".well-known/openid-configuration", use: describe)
            .get("keys", use: keys)
            .post("token", use: token)
            .post("device/code", use: device)
    }

    @Sendable
    private func describe(request: Request, context: ServerContext) throws -> Response {
        try .json(IssuerDescription(issuer: signOn.issuer))
    }

    @Sendable
    private func keys(request: Request, context: ServerContext) async throws -> Response {
        try .json(["keys": try await signOn.publishedKeys()])
    }

    @Sendable
    private func token(request: Request, context: ServerContext) async throws -> Response {
        try await answer(request) { client, form in
            guard let type = form["grant_type"] else { throw OAuthError(.invalidRequest, "grant_type is missing.") }
            switch GrantType(rawValue: type) {
            case .authorizationCode:
                return try await signOn.redeem(
                    code: try form.require("code"),
                    verifier: try form.require("code_verifier"),
                    redirectURI: form["redirect_uri"],
                    client: client
                )
            case .refreshToken:
                return try await signOn.refresh(try form.require("refresh_token"), client: client)
            case .deviceCode:
                return try await signOn.redeem(deviceCode: try form.require("device_code"), client: client)
            case nil:
                throw OAuthError(.unsupportedGrantType, "This grant_type is not supported.")
            }
        }
    }

    @Sendable
    private func device(request: Request, context: ServerContext) async throws -> Response {
        try await answer(request) { client, form in
            DeviceAnswer(try await signOn.beginDevice(client: client, scope: SignOnScope(form["scope"])), issuer: signOn.issuer)
        }
    }

    /// Reads the form of a client, and turns errors into OAuth's shape. Nothing of it may be stored on the way.
    /// Sources: RFC 6749 §5.1 and §5.2.
    private func answer<Answer: Encodable>(
        _ request: Request,
        _ body: (SignOnClient, FormParameters) async throws -> Answer
    ) async throws -> Response {
        var response: Response
        do {
            let form = try await form(of: request)
            guard let client = SignOnClient.find(form["client_id"]) else {
                throw OAuthError(.invalidClient, "client_id is missing or unknown. The clients of this server have no secret.")
            }
            response = try .json(try await body(client, form))
        } catch let error as OAuthError {
            let isUnknown = error.code == .invalidClient
            let answer = ["error": error.code.rawValue, "error_description": error.description]
            response = try .json(answer, status: isUnknown ? .unauthorized : .badRequest)
            if isUnknown { response.headers[.wwwAuthenticate] = "Basic realm=\"terrakube\"" }
        }
        response.headers[.cacheControl] = "no-store"
        if let pragma = HTTPField.Name("Pragma") { response.headers[pragma] = "no-cache" }
        return response
    }

    private func form(of request: Request) async throws -> FormParameters {
        let type = request.headers[.contentType]?.split(separator: ";").first?.trimmingCharacters(in: .whitespaces).lowercased()
        guard type == "application/x-www-form-urlencoded" else {
            throw OAuthError(.invalidRequest, "The body must be application/x-www-form-urlencoded.")
        }
        let bytes: Data
        do {
            bytes = try await request.wholeBody(upTo: Self.bodyLimit)
        } catch is APIError {
            throw OAuthError(.invalidRequest, "The body has more than \(Self.bodyLimit) bytes.")
        }
        let form = FormParameters(String(decoding: bytes, as: UTF8.self))
        guard form.refused.isEmpty else { throw OAuthError(.invalidRequest, "A parameter is damaged or came more than once.") }
        return form
    }
}

extension FormParameters {
    fileprivate func require(_ name: String) throws(OAuthError) -> String {
        guard let value = self[name] else { throw OAuthError(.invalidRequest, "\(name) is missing.") }
        return value
    }
}

/// Source: RFC 8628 §3.2.
private struct DeviceAnswer: Encodable {
    let deviceCode: String
    let userCode: String
    let verificationURI: String
    let verificationURIComplete: String
    let expiresIn: Int
    let interval: Int

    init(_ codes: DeviceCodes, issuer: String) {
        deviceCode = codes.deviceCode
        userCode = codes.userCode.text
        verificationURI = issuer + "/device"
        verificationURIComplete = "\(verificationURI)?user_code=\(userCode)"
        expiresIn = Int(codes.expiresIn)
        interval = codes.interval
    }

    enum CodingKeys: String, CodingKey {
        case interval
        case deviceCode = "device_code"
        case userCode = "user_code"
        case verificationURI = "verification_uri"
        case verificationURIComplete = "verification_uri_complete"
        case expiresIn = "expires_in"
    }
}
