import Foundation
import HTTPTypes
import Hummingbird
import Mustache
import Service

/// Turns what a room wants to show into a page: the template, inside the layout that all pages share.
struct PageRenderer: Sendable {
    let assets: AssetLibrary
    private let library: MustacheLibrary
    private let time: TimeSource

    /// - Throws: The parser's error for a template that is broken.
    init(time: TimeSource) throws {
        assets = AssetLibrary()
        library = try PageTemplate.library()
        self.time = time
    }

    /// A whole page.
    ///
    /// - Parameters:
    ///   - content: The values of the template.
    ///   - refreshes: Whether a browser without scripts loads the page again every few seconds.
    func page(
        _ template: PageTemplate,
        title: String,
        content: any Sendable,
        for context: ServerContext,
        status: HTTPResponse.Status = .ok,
        refreshes: Bool = false
    ) -> Response {
        let page = Page(
            title: title,
            stylePath: assets.style.path,
            scriptPath: assets.script.path,
            markPath: assets.mark.path,
            now: Int(time.now().timeIntervalSince1970 * 1000),
            refreshes: refreshes,
            viewer: context.principal.map { Viewer(name: $0.name, csrf: context.session?.csrfToken) },
            content: content
        )
        let html = library.render(page, withTemplate: template.rawValue) ?? ""
        return Response(
            status: status,
            headers: [.contentType: "text/html; charset=utf-8"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: html))
        )
    }

    /// A part of a page, for a browser that has the rest.
    func fragment(_ template: PageTemplate, content: any Sendable) -> String {
        library.render(content, withTemplate: template.rawValue) ?? ""
    }
}

/// What the layout shows around the content of a page.
private struct Page {
    let title: String
    let stylePath: String
    let scriptPath: String
    let markPath: String
    /// The server's clock, in milliseconds: scripts count from it, as the browser's may be wrong.
    let now: Int
    let refreshes: Bool
    let viewer: Viewer?
    let content: any Sendable
}

/// Who looks at the page.
private struct Viewer {
    let name: String
    /// Nil when there is no browser session that could be ended.
    let csrf: String?
}
