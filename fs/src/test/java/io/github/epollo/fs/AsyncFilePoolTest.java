package io.github.epollo.fs;

class AsyncFilePoolTest extends AsyncFileContract {
  @Override
  FileBackend backend() {
    return FileBackend.POOL;
  }
}
