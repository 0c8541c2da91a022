"""The desk: everything one needs to work on cases, on this computer, by one command.

Server and worker are processes of their own; they die with the desk and are stopped in
order. Nothing listens on anything but loopback.
"""
