import AsyncHTTPClient
import Executor
import Foundation
import Logging
import Runs
import Service
import Tools
import Wire

/// The executor that runs in the server's own process, with the tools of this machine.
struct LocalExecutor {
    let service: ExecutorService

    init(
        configuration: ServerConfiguration,
        directory: DataDirectory,
        name: String,
        slots: Int,
        control: any RunControl,
        client: HTTPClient,
        time: TimeSource,
        logger: Logger
    ) throws {
        guard
            let terraformReleases = URL(string: configuration.terraformReleasesURL),
            let tofuReleases = URL(string: configuration.tofuReleasesURL)
        else { throw ConfigurationError("The release URLs must be URLs.") }
        let searchPath = configuration.environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"
        service = ExecutorService(
            configuration: ExecutorConfiguration(
                name: name,
                slots: slots,
                dataDirectory: directory.executor,
                environment: configuration.environment,
                pluginDirectory: configuration.pluginDirectory
            ),
            control: control,
            git: try GitMirrors(cacheDirectory: "\(directory.executor)/git", environment: configuration.environment),
            binaries: BinaryStore(
                cacheDirectory: directory.binaries,
                searchPath: searchPath,
                terraformReleases: terraformReleases,
                tofuReleases: tofuReleases,
                downloader: HTTPReleaseDownloader(client: client),
                now: time.now
            ),
            archives: ArchiveExtractor(searchPath: searchPath),
            logger: logger
        )
    }
}
