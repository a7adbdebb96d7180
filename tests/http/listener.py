"""One who listens to the live feed."""


class Listener:
    def __init__(self, server, token):
        self.connection = server.connect(timeout=20)
        self.connection.sendall(f"GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\n"
                                f"Authorization: Bearer {token}\r\n\r\n".encode())
        self.received = b""
        self.head = self.read_until(b"\r\n\r\n").decode()
        assert self.head.startswith("HTTP/1.1 200 ")
        self.read_until(b"\n\n")  # how soon to come back

    def read_until(self, end):
        while end not in self.received:
            chunk = self.connection.recv(65536)
            assert chunk, "the stream ended"
            self.received += chunk
        part, self.received = self.received.split(end, 1)
        return part

    def event(self):
        lines = self.read_until(b"\n\n").decode().split("\n")
        return dict(line.split(": ", 1) for line in lines)

    def close(self):
        self.connection.close()
