"""The site without a network and on a home screen: its worker and its manifest. plugins/feeds writes them with what is no HTML."""
