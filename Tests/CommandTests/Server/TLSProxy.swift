import Foundation
import Glibc

/// A server of TLS with a certificate that it made itself, before a port of this machine.
struct TLSProxy: Sendable {
    let port: Int
    /// The file with its certificate.
    let certificate: String
    private let target: String

    /// Where it sends to.
    func leads(to port: UInt16) throws { try Files.write("\(port)", to: target) }

    /// Runs one in a folder as long as `body` runs.
    static func run(
        in folder: String,
        _ body: @Sendable (TLSProxy) async throws -> Void
    ) async throws {
        try Files.write(script, to: folder + "/proxy.py")
        _ = try await Program.run("python3", ["proxy.py"], in: folder) { program in
            do {
                for _ in 0..<600 where !FileManager.default.fileExists(atPath: folder + "/port") {
                    try await Task.sleep(for: .milliseconds(50))
                }
                guard let port = Int(try Files.text(folder + "/port")) else {
                    throw TestFailure("the proxy told no port")
                }
                try await body(
                    TLSProxy(
                        port: port,
                        certificate: folder + "/cert.pem",
                        target: folder + "/target"
                    )
                )
            } catch {
                program.send(SIGTERM)
                throw error
            }
            program.send(SIGTERM)
        }
    }

    private static let script = """
        import datetime, os, socket, ssl, threading
        from cryptography import x509
        from cryptography.hazmat.primitives import hashes, serialization
        from cryptography.hazmat.primitives.asymmetric import ec

        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
        now = datetime.datetime.utcnow()
        cert = (x509.CertificateBuilder().subject_name(name).issuer_name(name)
                .public_key(key.public_key()).serial_number(1)
                .not_valid_before(now - datetime.timedelta(days=1))
                .not_valid_after(now + datetime.timedelta(days=1))
                .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), False)
                .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
                .sign(key, hashes.SHA256()))
        with open("cert.pem", "wb") as file:
            file.write(cert.public_bytes(serialization.Encoding.PEM))
        with open("key.pem", "wb") as file:
            file.write(key.private_bytes(serialization.Encoding.PEM,
                                         serialization.PrivateFormat.PKCS8,
                                         serialization.NoEncryption()))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain("cert.pem", "key.pem")

        def pump(source, sink):
            try:
                while data := source.recv(65536):
                    sink.sendall(data)
                sink.shutdown(socket.SHUT_WR)
            except OSError:
                pass

        def serve(plain):
            try:
                with context.wrap_socket(plain, server_side=True) as client:
                    port = int(open("target").read())
                    with socket.create_connection(("127.0.0.1", port)) as server:
                        back = threading.Thread(target=pump, args=(server, client))
                        back.start()
                        pump(client, server)
                        back.join()
            except OSError:
                pass

        listener = socket.create_server(("127.0.0.1", 0))
        with open("port.new", "w") as file:
            file.write(str(listener.getsockname()[1]))
        os.rename("port.new", "port")
        while True:
            threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()

        """
}
