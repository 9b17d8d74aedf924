package io.github.epollo.fs;

class FileTransferByRingTest extends FileTransferContract {
  @Override
  FileBackend backend() {
    return FileBackend.RING;
  }
}
