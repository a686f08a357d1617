import requests


def fetch(path, timeout=None):
    return requests.get("https://flags.example" + path, timeout=timeout)


def flags(project):
    return fetch(f"/projects/{project}/flags", timeout=5).json()


def flag(name):
    return fetch(f"/flags/{name}", timeout=2).json()
