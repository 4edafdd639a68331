"""The backend that `DATABASE_URL` is read into."""

from typing import Any

from django.db.backends.postgresql import base

from reader.postgresql import driver
from reader.postgresql.silence import Server


class DatabaseWrapper(base.DatabaseWrapper):
    Database = driver

    def get_new_connection(self, conn_params: dict[str, Any]) -> driver.PatientConnection:
        """Connect, unless the server does not answer: then say so at once."""
        server = Server.of(conn_params)
        if server and server.is_silent():
            raise driver.OperationalError(f"the server at {server.host}, port {server.port}, does not answer")
        connection: driver.PatientConnection = super().get_new_connection(conn_params)
        connection.server = server
        return connection
