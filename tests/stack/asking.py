"""One request, one answer."""

import http.client


def ask(method, path, port, headers=None, body=None):
    """Status, headers and body."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request(method, path, body, headers or {})
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()
    finally:
        connection.close()


def get(path, port, headers=None):
    return ask("GET", path, port, headers)


def answers(path, port):
    """The status, or None while nothing answers."""
    try:
        return get(path, port)[0]
    except (OSError, http.client.HTTPException):
        return None
