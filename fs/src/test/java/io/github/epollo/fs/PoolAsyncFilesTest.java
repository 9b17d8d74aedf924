package io.github.epollo.fs;

class PoolAsyncFilesTest extends AsyncFilesContract {
  @Override
  FileBackend backend() {
    return FileBackend.POOL;
  }
}
