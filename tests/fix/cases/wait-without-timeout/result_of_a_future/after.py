from concurrent.futures import ThreadPoolExecutor

from flask import Flask

app = Flask(__name__)
pool = ThreadPoolExecutor()


@app.get("/thumbnails/<name>")
def thumbnail(name):
    future = pool.submit(name.upper)
    return future.result(timeout=5)
