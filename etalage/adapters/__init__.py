"""One file per system and port, `system_port.py`: this folder's listing is the support matrix.

Files that begin with an underscore are tools that adapters share; nobody else imports them.
"""
