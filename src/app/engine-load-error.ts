// Why a saved state of the engine cannot be used.
import { ExitStatus, FcscopeError } from '../model/fcscope-error.ts'

/** `FCS_STATE_UNUSABLE`, with what to do. */
export function cannotLoad(status: 'otherVersion' | 'tooLarge'): FcscopeError {
  const texts = {
    tooLarge: {
      en: 'The state holds more open attempts than reconstruct.maxOpen allows now. Set it back to what it was.',
      zh: '状态中的未结束尝试数超过了当前的 reconstruct.maxOpen，请改回原来的值。',
    },
    otherVersion: {
      en: 'The state was written by another version of fcscope. Go on with that version, or remove the state folder: everything is read again, and nothing is stored twice.',
      zh: '状态由其他版本的 fcscope 写入。请使用该版本继续，或删除状态目录：数据将重新读取，且不会重复存储。',
    },
  }
  return new FcscopeError('FCS_STATE_UNUSABLE', texts[status], { exitStatus: ExitStatus.unreachable })
}
