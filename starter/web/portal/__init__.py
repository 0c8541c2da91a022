"""The portal: what customers see and do in a browser, in their language."""
