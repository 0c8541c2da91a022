"""Where a web door of ours listens, as every command that opens one is told."""

from typing import Annotated

import typer

Port = Annotated[int, typer.Option(help="Port to listen on.", min=1, max=65535)]
Host = Annotated[str, typer.Option(help="Address to listen on; a proxy that speaks TLS stands before it.")]
LOOPBACK = "127.0.0.1"
