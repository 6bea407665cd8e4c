import Hummingbird
package import JSONAPI
package import Logging

extension APIError {
    /// What the caller is told about any error. What we did not foresee is logged, and answered with 500 and nothing
    /// more.
    package init(answering error: any Error, logger: Logger) {
        if let known = APIError(describing: error) {
            self = known
        } else if let error = error as? any HTTPResponseError {
            let status = error.status
            self.init(status: status.code, title: status.reasonPhrase, detail: (error as? HTTPError)?.body ?? status.reasonPhrase)
        } else {
            logger.error("Request failed", metadata: ["error": "\(error)"])
            self = .unexpected
        }
    }
}
