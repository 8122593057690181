"""A forward proxy on loopback that writes down what it is asked, for the tests of proxies.

Usage: forward-proxy.py FILE

Prints its URL. Each request becomes a line of JSON in FILE: method, target and the names of its
fields, with the values of Host and User-Agent. It tunnels (CONNECT) and passes GET on.
"""

import http.client
import http.server
import json
import socket
import sys
import threading
import urllib.parse


class Proxy(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def note(self):
        line = {
            "method": self.command,
            "target": self.path,
            "fields": sorted(name.lower() for name in self.headers),
            "host": self.headers.get("Host"),
            "userAgent": self.headers.get("User-Agent"),
        }
        with open(sys.argv[1], "a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")

    def do_GET(self):
        self.note()
        url = urllib.parse.urlsplit(self.path)
        if url.scheme != "http":
            self.send_error(400, "not an absolute URL")
            return
        server = http.client.HTTPConnection(url.hostname, url.port or 80)
        fields = {name: value for name, value in self.headers.items() if name.lower() != "proxy-connection"}
        target = url.path + ("?" + url.query if url.query else "")
        server.request("GET", target or "/", headers=fields)
        answer = server.getresponse()
        body = answer.read()
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in ("content-length", "transfer-encoding", "connection"):
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        server.close()

    def do_CONNECT(self):
        self.note()
        host, _, port = self.path.rpartition(":")
        server = socket.create_connection((host, int(port)))
        self.send_response(200)
        self.end_headers()
        back = threading.Thread(target=self.pump, args=(server, self.connection), daemon=True)
        back.start()
        self.pump(self.connection, server)
        back.join()
        self.close_connection = True

    @staticmethod
    def pump(source, target):
        try:
            while piece := source.recv(65536):
                target.sendall(piece)
            target.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def log_message(self, *_):
        pass


def main():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Proxy)
    server.daemon_threads = True
    print(f"http://127.0.0.1:{server.server_address[1]}", flush=True)
    server.serve_forever()


main()
