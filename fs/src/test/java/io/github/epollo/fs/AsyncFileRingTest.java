package io.github.epollo.fs;

class AsyncFileRingTest extends AsyncFileContract {
  @Override
  FileBackend backend() {
    return FileBackend.RING;
  }
}
