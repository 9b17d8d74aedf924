package io.github.epollo.fs;

class RingAsyncFilesTest extends AsyncFilesContract {
  @Override
  FileBackend backend() {
    return FileBackend.RING;
  }
}
