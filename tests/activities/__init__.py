"""Tests of the adapters: real databases, a real SMTP server, a real HTTP receiver, no double of ours."""
