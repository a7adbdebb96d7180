"""The little of Cassandra's protocol that an operator's hand needs here: log in, say something."""

import socket
import ssl
import struct

STARTUP, AUTHENTICATE, QUERY, RESULT, AUTH_RESPONSE, AUTH_SUCCESS = 1, 3, 7, 8, 15, 16
ONE = 1


class Refused(Exception):
    """The node answered, with an error."""


class Cql:
    """A connection with TLS to a node that wants a password, version 4 of the protocol."""

    def __init__(self, address, tls, user, password):
        context = ssl.create_default_context(cafile=tls / "ca.pem")
        context.load_cert_chain(tls / "client.pem", tls / "client.key")
        plain = socket.create_connection((address, 9042), timeout=60)
        self._socket = context.wrap_socket(plain, server_hostname=address)
        key, value = b"CQL_VERSION", b"3.0.0"
        options = struct.pack(">HH", 1, len(key)) + key + struct.pack(">H", len(value)) + value
        assert self._ask(STARTUP, options)[0] == AUTHENTICATE
        token = f"\0{user}\0{password}".encode()
        assert self._ask(AUTH_RESPONSE, struct.pack(">i", len(token)) + token)[0] == AUTH_SUCCESS

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._socket.close()

    def say(self, text):
        """The body of the answer."""
        text = text.encode()
        opcode, body = self._ask(QUERY, struct.pack(">i", len(text)) + text + struct.pack(">HB", ONE, 0))
        assert opcode == RESULT
        return body

    def count(self, table):
        # One row of one column, a bigint: the last eight bytes.
        return struct.unpack(">q", self.say(f"SELECT count(*) FROM {table}")[-8:])[0]

    def _ask(self, opcode, body):
        self._socket.sendall(struct.pack(">BBhBi", 4, 0, 0, opcode, len(body)) + body)
        _, _, _, answer, length = struct.unpack(">BBhBi", self._read(9))
        body = self._read(length)
        if answer == 0:
            raise Refused(body[6:].decode(errors="replace"))
        return answer, body

    def _read(self, count):
        data = b""
        while len(data) < count:
            chunk = self._socket.recv(count - len(data))
            if not chunk:
                raise ConnectionError("the node has closed the connection")
            data += chunk
        return data
