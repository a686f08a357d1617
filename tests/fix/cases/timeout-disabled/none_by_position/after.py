from urllib.request import urlopen


def template(name):
    with urlopen(f"https://templates.example/{name}", None, 5) as answer:
        return answer.read()
