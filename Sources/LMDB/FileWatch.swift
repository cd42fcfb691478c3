import CLMDB
import Glibc

/// Calls back when the data file of an environment changes, whichever process writes it.
///
/// On a thread of its own, until the watch is gone; `onChange` must not hold the watch.
package final class FileWatch: Sendable {
    /// Written once, to end the thread.
    private let stopSignal: CInt
    private let thread: BlockingThread

    /// Starts to watch `data.mdb` in `directory`.
    package init(
        dataFileIn directory: StoreDirectory,
        onChange: @escaping @Sendable () -> Void
    ) throws(LMDBError) {
        let notifications = inotify_init1(CInt(IN_CLOEXEC | IN_NONBLOCK))
        guard notifications >= 0 else {
            throw LMDBError(errno, "watch (inotify_init1)", path: directory.path)
        }
        let data = directory.path + "/data.mdb"
        guard unsafe inotify_add_watch(notifications, data, UInt32(IN_MODIFY)) >= 0 else {
            let code = errno
            close(notifications)
            throw LMDBError(code, "watch (inotify_add_watch)", path: directory.path)
        }
        let stopSignal = eventfd(0, CInt(EFD_CLOEXEC))
        guard stopSignal >= 0 else {
            let code = errno
            close(notifications)
            throw LMDBError(code, "watch (eventfd)", path: directory.path)
        }
        self.stopSignal = stopSignal
        thread = BlockingThread(name: "waybill-watch") {
            Self.run(notifications, stopSignal, onChange)
            close(notifications)
        }
    }

    /// Waits for the thread, so that nothing is called back any more.
    deinit {
        eventfd_write(stopSignal, 1)
        thread.join()
        close(stopSignal)
    }

    /// Waits for changes and passes them on.
    ///
    /// LMDB writes the meta page first and only then tells readers through the lock file, so a
    /// reader that is woken by the write may still see the state before. Therefore it calls back
    /// again a little later, three times.
    private static func run(
        _ notifications: CInt,
        _ stopSignal: CInt,
        _ onChange: @Sendable () -> Void
    ) {
        var files = [
            pollfd(fd: notifications, events: Int16(POLLIN), revents: 0),
            pollfd(fd: stopSignal, events: Int16(POLLIN), revents: 0),
        ]
        let echoesMilliseconds: [CInt] = [2, 20, 200]
        var echo = echoesMilliseconds.count
        while true {
            let timeout = echo < echoesMilliseconds.count ? echoesMilliseconds[echo] : -1
            let count = unsafe poll(&files, nfds_t(files.count), timeout)
            if count < 0, errno != EINTR { return }
            if files[1].revents != 0 { return }
            if files[0].revents != 0 {
                drain(notifications)
                echo = 0
            } else {
                echo += 1
            }
            onChange()
        }
    }

    private static func drain(_ notifications: CInt) {
        while let bytes = readSome(notifications), !bytes.isEmpty {}
    }

    private static func readSome(_ file: CInt) -> [UInt8]? {
        var got = 0
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: 4096) { buffer, initialized in
            unsafe got = read(file, buffer.baseAddress, buffer.count)
            initialized = max(got, 0)
        }
        return got < 0 ? nil : bytes
    }
}
