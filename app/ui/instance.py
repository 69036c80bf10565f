"""One window per data folder: a second start raises the first one's window and ends."""

import zlib
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

_WAIT_MS = 1000


class Instance(QObject):
    """Whether another process has a window for this folder: `answered`. `asked` comes when another one starts.

    Where no socket can be had (a folder for temporary files that is missing) nobody answers and nobody asks: then the
    lock of the store says so, less kindly.
    """

    asked = Signal()

    def __init__(self, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        # A socket's name has a limit of about a hundred characters.
        self._name = "trichter-" + f"{zlib.crc32(str(folder.resolve()).encode()):08x}"
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._on_call)
        self.answered = self._call()
        if not self.answered:
            self._listen()

    def raise_other(self) -> None:
        """Ask the first instance to come forward."""
        self._call()

    def close(self) -> None:
        """Give the place free."""
        self._server.close()

    def _call(self) -> bool:
        socket = QLocalSocket()
        socket.connectToServer(self._name)
        there = socket.waitForConnected(_WAIT_MS)
        socket.disconnectFromServer()
        return there

    def _listen(self) -> None:
        if not self._server.listen(self._name):
            QLocalServer.removeServer(self._name)  # left behind by a process that was killed
            self._server.listen(self._name)

    def _on_call(self) -> None:
        socket = self._server.nextPendingConnection()
        if socket is not None:
            socket.deleteLater()
        self.asked.emit()
